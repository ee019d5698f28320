import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { Printer } from '../../src/cli/printer.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { Kept } from './console.ts';

/** A pipe whose reader takes one piece at a time, when told to. */
class SlowPipe extends Writable {
  taken: string[] = [];
  #done: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk.toString());
    this.#done = done;
  }

  read(): void {
    this.#done?.();
  }
}

/** A reader that goes away after the first piece, as `head` does. */
class BrokenPipe extends Writable {
  pieces = 0;

  override _write(_chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.pieces++;
    done(this.pieces > 1 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : undefined);
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('asks for the next piece only when the reader has taken the last one', async () => {
  const pipe = new SlowPipe();
  let made = 0;
  function* pieces() {
    for (made = 1; made <= 5; made++) yield `${made}`;
  }
  const printing = new Printer(pipe).printAll(pieces());
  for (let read = 1; read <= 5; read++) {
    await turn();
    expect(made).toBe(read);
    pipe.read();
  }
  await printing;
  expect(pipe.taken).toEqual(['1', '2', '3', '4', '5']);
});

test('a reader that goes away ends the command quietly, long before its output ends', async () => {
  const stdout = new BrokenPipe();
  const stderr = new Kept();
  const argv = ['generate', '--hosts', '300', '--vms', '3000'];
  expect(await runCli(argv, { stdout, stderr, env: {}, cwd: '/' })).toBe(0);
  expect(stderr.text).toBe('');
  expect(stdout.pieces).toBe(2);
});

test('any other trouble with the output is not kept quiet', async () => {
  const full = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' })),
  });
  await expect(runCli(['version'], { stdout: full, stderr: new Kept(), env: {}, cwd: '/' })).rejects.toThrow('ENOSPC');
});
