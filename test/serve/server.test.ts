import { describe, expect, test } from 'vitest';
import { startServer } from '../../src/serve/server.ts';
import { CONTENT_TYPE } from '../../src/telemetry/exposition.ts';
import { aHost, aSnapshot, many } from '../kit/fleet.ts';
import { seriesValue } from '../telemetry/scrape.ts';
import { aStatus, aStepStatus, FakeDaemon, twoHosts } from './fake-daemon.ts';
import { ask, serve } from './running.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('health', () => {
  test('alive, ready, or why not', async () => {
    const { url, daemon } = await serve();
    expect(await ask(`${url}healthz`)).toMatchObject({ status: 200 });
    expect(await ask(`${url}readyz`)).toMatchObject({ status: 200 });
    daemon.state = aStatus({ notReadyBecause: 'no snapshot has been taken yet' });
    const reply = await ask(`${url}readyz`);
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.body)).toEqual({ error: 'no snapshot has been taken yet' });
  });

  test('metrics, with the requests that were answered', async () => {
    const { url } = await serve();
    await ask(`${url}nowhere`);
    const reply = await ask(`${url}metrics`);
    expect(reply.headers['content-type']).toBe(CONTENT_TYPE.text);
    expect(reply.body).toContain('drover_http_requests_total{status="4xx"} 1');
    expect(reply.body).toContain('nodejs_eventloop_lag_seconds');
  });

  test('metrics as OpenMetrics for those who know it, with the decision behind a figure', async () => {
    const { url, telemetry } = await serve();
    telemetry.snapshotTaken({ snapshot: twoHosts(), oldestAgeMs: 0, unknown: [], droppedSamples: 0 });
    telemetry.stepEnded(aStepStatus({ state: 'done', measured: { seconds: 25, bytes: 5e9, blackoutMs: 80 } }));
    const reply = await ask(`${url}metrics`, 'GET', { accept: `${CONTENT_TYPE.openmetrics},text/plain;q=0.5` });
    expect(reply.headers['content-type']).toBe(CONTENT_TYPE.openmetrics);
    expect(reply.body).toMatch(
      /^drover_migration_duration_seconds_bucket\{le="30"\} 1 # \{decision="d1"\} 25 [\d.]+$/m,
    );
    expect(reply.body).toContain('drover_host_on{host="h3"} 0\n');
    expect(reply.body).toMatch(/\n# EOF\n$/);
  });

  test('a client that only asks for the head of the metrics gets no body', async () => {
    const { url } = await serve();
    expect(await ask(`${url}metrics`, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });
});

describe('reading', () => {
  const rows: [path: string, expected: unknown][] = [
    ['status', { cluster: 'meadow', fleet: { hosts: 3 } }],
    ['snapshot', { hosts: [] }],
    ['hosts', { total: 3, offset: 0, items: [{ id: 'h1' }, { id: 'h2' }, { id: 'h3' }] }],
    ['hosts?limit=1&offset=1', { total: 3, offset: 1, items: [{ id: 'h2' }] }],
    ['hosts?rack=r2', { total: 1, items: [{ id: 'h3' }] }],
    ['hosts?power=on', { total: 2 }],
    ['hosts/h1', { id: 'h1', vms: ['web', 'db'] }],
    ['hosts/h3', { trust: { known: false, cause: 'stale' }, cpu: { latelyMhz: 90, isHot: false } }],
    ['forecast', { daily: 1, 'too little history': 1 }],
    ['vms', { total: 2 }],
    ['vms?host=h2', { total: 0, items: [] }],
    ['vms/web', { id: 'web', movingTo: 'h2', decisions: [{ id: 'd1' }], steps: [{ state: 'copying' }] }],
    [
      'decisions',
      {
        total: 2,
        items: [
          { id: 'd1', accepted: true },
          { id: 'd2', accepted: false },
        ],
      },
    ],
    ['decisions?verdict=refused', { total: 1, items: [{ id: 'd2' }] }],
    ['decisions?vm=db', { total: 1, items: [{ id: 'd2' }] }],
    ['decisions/d2', { refusal: { rule: 'open-host' } }],
    ['plans', [{ id: 'p1', state: 'waiting for confirmation', stepCount: 1 }]],
    ['plans/p1', { steps: [{ id: 's1', decision: 'd1' }], decisions: [{ id: 'd1', accepted: true }], impossible: [] }],
    ['steps', { total: 1, items: [{ share: 0.75 }] }],
    ['policies', [{ id: 'green' }]],
    ['rules', { rules: [], violations: [{ rule: 'anti-affinity' }], unrepaired: [] }],
    ['history', []],
  ];
  test.each(rows)('%s', async (path, expected) => {
    const { url } = await serve();
    const reply = await ask(`${url}api/v1/${path}`);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject(expected as object);
  });

  test('long lists come in pages', async () => {
    const daemon = new FakeDaemon();
    daemon.shown = aSnapshot({ hosts: many(1500, (n) => aHost({ id: `h${n}` })) });
    const { url } = await serve({ daemon });
    const { total, items } = JSON.parse((await ask(`${url}api/v1/hosts`)).body);
    expect([total, items.length]).toEqual([1500, 1000]);
  });

  test('history grows with snapshots', async () => {
    const { url, daemon } = await serve();
    daemon.events.next({ kind: 'snapshot' });
    daemon.events.next({ kind: 'snapshot' });
    expect(JSON.parse((await ask(`${url}api/v1/history`)).body)).toMatchObject([{ hostsOn: 2, cpuShare: 41 / 160 }]);
  });
});

describe('refusing', () => {
  const rows: [request: string, status: number, words: RegExp][] = [
    ['GET nowhere', 404, /nothing at \/nowhere/],
    ['GET api/v1/hosts/h9', 404, /no host h9/],
    ['GET api/v1/vms/none', 404, /no VM none/],
    ['GET api/v1/vms?host=h9', 404, /no host h9/],
    ['GET api/v1/decisions/d9', 404, /no decision d9/],
    ['GET api/v1/plans/p9', 404, /no plan p9/],
    ['GET api/v1/hosts?limit=0', 400, /limit must be a whole number from 1/],
    ['GET api/v1/hosts?limit=many', 400, /not "many"/],
    ['GET api/v1/hosts?offset=-1', 400, /offset must be/],
    ['GET api/v1/decisions?verdict=maybe', 400, /accepted or refused/],
    ['GET api/v1/hosts/%E0%A4%A', 400, /not well encoded/],
    ['PUT api/v1/hosts', 405, /answers to GET, not to PUT/],
    ['POST healthz', 405, /answers to GET/],
    ['POST api/v1/plans/p9/confirm', 404, /no plan p9/],
  ];
  test.each(rows)('%s', async (asked, status, words) => {
    const { url } = await serve();
    const [method, path] = asked.split(' ');
    const reply = await ask(`${url}${path}`, method, JSON_TYPE);
    expect(reply.status).toBe(status);
    expect(JSON.parse(reply.body).error).toMatch(words);
  });

  test('an unknown route lists those that exist', async () => {
    const { url } = await serve();
    const { routes } = JSON.parse((await ask(`${url}api/v2/hosts`)).body);
    expect(routes).toContainEqual(expect.stringMatching(/^GET \/api\/v1\/hosts\/:id: /));
  });

  test.each(['hosts', 'vms', 'snapshot', 'rules'])('%s before the first snapshot', async (path) => {
    const daemon = new FakeDaemon();
    daemon.shown = undefined;
    const { url } = await serve({ daemon });
    expect(await ask(`${url}api/v1/${path}`)).toMatchObject({ status: 503 });
    expect(JSON.parse((await ask(`${url}api/v1/status`)).body)).toMatchObject({ fleet: null });
  });

  test('a failure is logged and ends in one sentence', async () => {
    const { url, daemon, logged } = await serve();
    daemon.caseText = () => {
      throw new Error('the disk is gone');
    };
    expect(await ask(`${url}api/v1/snapshot`)).toMatchObject({ status: 500 });
    expect(logged).toEqual([expect.stringContaining('the disk is gone')]);
  });
});

describe('commanding', () => {
  const rows: [order: string, body: string, told: string][] = [
    ['POST plans/p1/confirm', '', 'confirm p1'],
    ['POST plans/p1/reject', '{}', 'reject p1'],
    ['PUT mode', '{"mode":"auto"}', 'mode auto'],
  ];
  test.each(rows)('%s', async (order, body, told) => {
    const { url, daemon } = await serve();
    const [method, path] = order.split(' ');
    expect(await ask(`${url}api/v1/${path}`, method, JSON_TYPE, body)).toMatchObject({ status: 200 });
    expect(daemon.told).toEqual([told]);
  });

  test('what the daemon refuses is refused with its sentence', async () => {
    const { url, daemon } = await serve();
    daemon.refusal = 'this plan was superseded';
    const reply = await ask(`${url}api/v1/plans/p1/confirm`, 'POST', JSON_TYPE);
    expect(reply.status).toBe(409);
    expect(JSON.parse(reply.body)).toEqual({ error: 'this plan was superseded' });
  });

  test.each(['', '{}', '[]', '"auto"', '{"mode":"fast"}', '{"mode":1}', '{"mode":'])(
    'a mode that is none: %s',
    async (body) => {
      const { url, daemon } = await serve();
      expect(await ask(`${url}api/v1/mode`, 'PUT', JSON_TYPE, body)).toMatchObject({ status: 400 });
      expect(daemon.told).toEqual([]);
    },
  );

  test('other pages and rebound names are refused', async () => {
    const { url, daemon } = await serve();
    const foreign = [{ origin: 'http://evil.example' }, { host: 'evil.example' }];
    for (const headers of foreign) {
      const reply = await ask(`${url}api/v1/plans/p1/confirm`, 'POST', { ...JSON_TYPE, ...headers });
      expect(reply.status).toBe(403);
    }
    expect(daemon.told).toEqual([]);
  });

  test('a body that is too large is refused', async () => {
    const { url } = await serve();
    const reply = await ask(`${url}api/v1/mode`, 'PUT', JSON_TYPE, ' '.repeat(65 * 1024));
    expect(reply.status).toBe(413);
  });
});

describe('the console', () => {
  test('every file that the page names is there, and nothing comes from elsewhere', async () => {
    const { url } = await serve();
    const page = await ask(url);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const named = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(named).toContain('/console.js');
    for (const path of named) expect([path, (await ask(new URL(path, url).href)).status]).toEqual([path, 200]);
    expect(named.filter((path) => !path.startsWith('/'))).toEqual([]);
  });

  test('every module that a module imports is there', async () => {
    const { url } = await serve();
    const waiting = ['console.js'];
    const seen = new Set<string>();
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const reply = await ask(`${url}${name}`);
      expect([name, reply.status, reply.headers['content-type']]).toEqual([
        name,
        200,
        'text/javascript; charset=utf-8',
      ]);
      for (const match of reply.body.matchAll(/from '\.\/([^']+)'/g)) waiting.push(match[1]!);
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  test('answers carry the security headers', async () => {
    const { url } = await serve();
    for (const path of ['', 'api/v1/status', 'nowhere']) {
      const { headers } = await ask(`${url}${path}`);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('HEAD is GET without a body', async () => {
    const { url } = await serve();
    expect(await ask(url, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });
});

describe('starting', () => {
  test('a port in use is one clear sentence', async () => {
    const first = await serve();
    const { daemon, telemetry } = first;
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const port = Number(new URL(first.url).port);
    const second = await startServer({ daemon, telemetry, address: '127.0.0.1', port, log });
    expect(second).toEqual({
      refusal: `something else listens on 127.0.0.1:${port} already; stop it, or set listen.port to another port`,
    });
  });

  test('an address of another machine is one clear sentence', async () => {
    const { daemon, telemetry } = await serve();
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const refused = await startServer({ daemon, telemetry, address: '203.0.113.7', port: 0, log });
    expect(refused).toMatchObject({ refusal: expect.stringContaining('no address 203.0.113.7') });
  });

  test('closing ends event streams and frees the port', async () => {
    const { url, close, telemetry } = await serve();
    const stream = ask(`${url}api/v1/events`);
    while ((await seriesValue(telemetry, 'drover_http_event_streams')) !== 1) await new Promise(setImmediate);
    await close();
    expect((await stream).body).toContain('event: lifecycle');
    await expect(ask(`${url}healthz`)).rejects.toThrow(/ECONNREFUSED/);
  });
});
