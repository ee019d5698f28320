import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HookCall, HttpCall } from '../../../src/domain/hook.ts';
import { OutsideCaller } from '../../../src/drivers/hooks/outside-caller.ts';

const FACTS = { vm: 'web/1 "a"', from: 'h1', to: 'h2', hook: 'lb', step: 'p1-s1', when: 'before', outcome: '' };
const TIMEOUT_MS = 20_000;

const asked: string[] = [];
const server = createServer((request, response) => {
  void textOf(request).then((body) => {
    asked.push(`${request.method} ${request.url} ${request.headers['x-key'] ?? ''} ${body}`);
    if (request.url === '/slow') return;
    const status = Number(request.url?.split('/')[2] ?? 200);
    response.writeHead(status, { location: '/elsewhere' }).end(request.url === '/long' ? 'x'.repeat(1e6) : '7');
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

let port = 0;
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const http = (path: string, parts: Partial<HttpCall> = {}): HttpCall => ({
  kind: 'http',
  url: `http://127.0.0.1:${port}${path}`,
  method: 'POST',
  headers: {},
  body: '',
  ...parts,
});

const command = (...words: string[]): HookCall => ({ kind: 'command', command: words });

const run = (call: HookCall, timeoutMs = TIMEOUT_MS) => new OutsideCaller().call(call, FACTS, timeoutMs).ended;

describe('over HTTP', () => {
  test('what it is about is filled in as the place wants it', async () => {
    const call = http('/drain/200/{vm}', { headers: { 'X-Key': 'k' }, body: '{"vm":"{vm}","to":"{to}","n":{}}' });
    expect(await run(call)).toEqual({ state: 'done', text: '7' });
    expect(asked.at(-1)).toBe('POST /drain/200/web%2F1%20%22a%22 k {"vm":"web/1 \\"a\\"","to":"h2","n":{}}');
  });

  test.each([
    ['/drain/503', 'answers 503'],
    ['/moved/302', 'answers 302'],
  ])('%s', async (path, because) => {
    const answer = await run(http(path));
    expect(answer).toEqual({ state: 'failed', because: `http://127.0.0.1:${port}${path} ${because}` });
  });

  test('nobody there, too late, cancelled, and an answer without end', async () => {
    expect(await run(http('', { url: 'http://127.0.0.1:1/' }))).toMatchObject({ state: 'failed' });
    expect(await run(http('/slow'), 50)).toMatchObject({ because: expect.stringContaining('no end within 0.05 s') });
    const cancelled = new OutsideCaller().call(http('/slow'), FACTS, TIMEOUT_MS);
    cancelled.cancel();
    expect(await cancelled.ended).toMatchObject({ because: expect.stringContaining('it was cancelled') });
    const answer = await run(http('/long'));
    expect(answer.state === 'done' && answer.text.length).toBe(65_536);
  });
});

describe('a command', () => {
  test('gets its arguments as they are, and no shell reads them', async () => {
    expect(await run(command('printf', '%s|%s', '{vm}', '$(id); {to}'))).toEqual({
      state: 'done',
      text: 'web/1 "a"|$(id); h2',
    });
  });

  test('finds in its environment what it is about', async () => {
    const answer = await run(command('sh', '-c', 'echo "$DROVER_VM $DROVER_WHEN"'));
    expect(answer).toEqual({ state: 'done', text: 'web/1 "a" before\n' });
  });

  test.each([
    [['sh', '-c', 'echo no such server >&2; exit 3'], 'sh ended with exit code 3: no such server'],
    [['no-such-program'], 'no-such-program: there is no such program'],
    [['/dev/null'], '/dev/null: it may not be run'],
    [['sh', '-c', 'kill -9 $$'], 'sh was ended by SIGKILL'],
  ])('%j', async (words, because) => {
    expect(await run(command(...words))).toEqual({ state: 'failed', because });
  });

  test('that is late is ended with all that it has started', async () => {
    const answer = await run(command('sh', '-c', 'sleep 600 & echo $! >&2; wait'), 100);
    expect(answer).toEqual({ state: 'failed', because: 'sh: no end within 0.1 s' });
  });

  test('leaves behind what holds its output open', async () => {
    expect(await run(command('sh', '-c', 'echo 5; sleep 1 & exit 0'))).toEqual({ state: 'done', text: '5\n' });
  });

  test('says no more than is read', async () => {
    const answer = await run(command('sh', '-c', 'head -c 1000000 /dev/zero | tr "\\0" x'));
    expect(answer.state === 'done' && answer.text.length).toBe(65_536);
  });
});
