import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_PRICES } from '../../src/domain/profile.ts';
import { perResource } from '../../src/domain/resources.ts';
import type { FleetView, HostStatus, Page, StatusView, VmStatus } from '../../src/serve/api.ts';
import { aHost, aVm, NOON_MS } from '../kit/fleet.ts';
import { drover } from './console.ts';

/** A daemon that gives prepared answers and remembers what it was asked. */
let daemon: Server;
let env: { DROVER_URL: string };
let asked: string[];
let answers: Record<string, object>;

beforeEach(async () => {
  asked = [];
  answers = {};
  daemon = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const call = `${request.method} ${request.url} ${body}`.trim();
    asked.push(call);
    const answer = answers[call];
    response.writeHead(answer === undefined ? 409 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: 'not now' }));
  });
  await new Promise<void>((listening) => daemon.listen(0, '127.0.0.1', listening));
  env = { DROVER_URL: `http://127.0.0.1:${(daemon.address() as AddressInfo).port}` };
});

afterEach(() => new Promise((closed) => daemon.close(closed)));

const page = <T>(items: T[], total = items.length): Page<T> => ({ total, offset: 0, items });
const share = { ...perResource(() => 0), cpu: 0.42, memory: 0.6, netRx: 0.01, netTx: 0.02 };

const fleet: FleetView = {
  snapshotVersion: 3,
  atMs: NOON_MS,
  hosts: 3,
  hostsByPower: { on: 2, emptying: 0, 'shutting-down': 0, off: 1, booting: 0, suspect: 0 },
  vms: 5,
  migrations: 1,
  watts: 640,
  savedWatts: 114,
  share,
  costPerHour: 1.5,
  violations: 0,
  staysOn: [{ rule: 'reserve', because: 'without h1 the memory reserve would be broken', count: 2 }],
};

const status: StatusView = {
  cluster: 'embedded',
  version: '0.1.0',
  driver: 'simulated',
  state: 'running',
  mode: 'auto',
  power: true,
  pausedSinceMs: null,
  prices: DEFAULT_PRICES,
  nowMs: NOON_MS + 90_000,
  startedAtMs: NOON_MS,
  cycles: 3,
  lastCycleAtMs: NOON_MS + 60_000,
  notReadyBecause: '',
  troubles: ['web is paused on h1 by somebody: virsh resume lets it go on'],
  fleet,
};

const host: HostStatus = {
  id: 'h1',
  power: 'on',
  rack: 'r1',
  site: 's1',
  known: true,
  doubt: '',
  maintenance: false,
  vmCount: 5,
  arriving: 1,
  departing: 0,
  used: aHost().capacity,
  capacity: aHost().capacity,
  share,
  watts: 213.4,
  staysOn: null,
};

const vm: VmStatus = { ...aVm({ id: 'web-1' }), movingTo: 'h2' };

describe('looking at a daemon', () => {
  test('status', async () => {
    answers['GET /api/v1/status'] = status;
    expect((await drover(['status'], { env })).out).toBe(`cluster     embedded: running, driver simulated, Drover 0.1.0
look after  web is paused on h1 by somebody: virsh resume lets it go on
mode        auto; hosts are switched
time there  2026-11-20T12:01:30.000Z, 1 min 30 s since the start
cycles      3, the last 30 s ago
hosts       3: 2 on, 1 off
vms         5, 1 of them moving
load        cpu 42 %, memory 60 %, netRx 1 %, netTx 2 % of what the hosts that are on offer
draw        0.64 kW; hosts that are off save 0.11 kW
cost        1.50 €/h
violations  0
stay on     2 for reserve: without h1 the memory reserve would be broken
`);
  });

  test('hosts', async () => {
    answers['GET /api/v1/hosts?limit=1&power=on'] = page([host], 2);
    expect((await drover(['hosts', '--limit', '1', '--power', 'on'], { env })).out).toBe(
      `HOST  POWER  RACK  VMS   CPU  MEMORY  NETRX  NETTX  WATTS  REMARKS
h1    on     r1      5  42 %    60 %    1 %    2 %    213  1 arriving
… 1 more; --limit N shows more of them
`,
    );
  });

  test('hosts that are not known, and why', async () => {
    const doubt = 'no sample of its memory has come for more than 45 s';
    answers['GET /api/v1/hosts'] = page([{ ...host, arriving: 0, known: false, doubt }]);
    expect((await drover(['hosts'], { env })).out).toMatch(
      /213 {2}unknown: no sample of its memory .* more than 45 s$/m,
    );
  });

  test('a plan with what its steps are for', async () => {
    const change = { kind: 'move', vm: 'web-1', from: 'h1', to: 'h2' };
    const step = { decision: 'd7-1', change, startsAtMs: 1_000, endsAtMs: 21_000, words: 'web-1: h1 → h2' };
    const decision = { id: 'd7-1', words: 'web-1: h1 → h2: power −1 €/h', policy: 'green', because: 'h1 can sleep' };
    const impossible = [{ decision: 'd7-2', change: { ...change, vm: 'web-2' }, because: 'no room' }];
    const plan = { id: 'p7', atMs: 1_000, state: 'recommended', steps: [step], decisions: [decision], impossible };
    answers['GET /api/v1/plans/p7'] = plan;
    expect((await drover(['plans', 'p7'], { env })).out).toBe(
      `plan p7: recommended
DECISION  START   END  WHAT
d7-1       0 ms  20 s  web-1: h1 → h2
d7-1: web-1: h1 → h2: power −1 €/h (green: h1 can sleep)
impossible: web-2: h1 → h2: no room
`,
    );
  });

  test('vms', async () => {
    answers['GET /api/v1/vms?host=h1'] = page([vm]);
    expect((await drover(['vms', '--host', 'h1'], { env })).out).toBe(
      `VM     HOST  VCPUS       CPU  MEMORY   SENT  REMARKS
web-1  h1        2  1000 MHz   4 GiB  0 B/s  moving to h2
`,
    );
  });

  test.each([
    ['decisions', 'no decisions\n', page([])],
    ['plans', 'no plans\n', []],
    ['steps', 'no steps\n', page([])],
  ])('%s, when there are none', async (command, words, answer) => {
    answers[`GET /api/v1/${command}`] = answer;
    expect(await drover([command], { env })).toEqual({ exitCode: 0, out: words, said: [] });
  });

  test.each([
    ['status', status],
    ['hosts', page([host])],
    ['vms', page([vm])],
    ['decisions', page([])],
    ['plans', []],
    ['steps', page([])],
  ])('%s --json passes on what the daemon says', async (command, answer) => {
    answers[`GET /api/v1/${command}`] = answer;
    expect(JSON.parse((await drover([command, '--json'], { env })).out)).toEqual(answer);
  });
});

test('policies, as the daemon has them', async () => {
  const policy = { about: 'Spreads.', version: 'a1', options: { comfort: 0.5 }, optionsSchema: {} };
  const policies = [
    { ...policy, id: 'load-balance', weight: 1, trouble: '' },
    { ...policy, id: 'mine', weight: 0, about: '', version: '', options: {}, trouble: 'it does not load' },
  ];
  answers['GET /api/v1/policies'] = policies;
  expect(
    (await drover(['policy', 'list', '--url', env.DROVER_URL])).out,
  ).toBe(`load-balance  at work with weight 1, version a1
    Spreads.
    comfort = 0.5

mine  not at work, version none
    trouble: it does not load
`);
  expect(JSON.parse((await drover(['policy', 'list', '--json', '--url', env.DROVER_URL])).out)).toEqual(policies);
});

describe('telling a daemon', () => {
  test.each([
    ['confirm p1', 'POST /api/v1/plans/p1/confirm {}', 'p1 is confirmed\n'],
    ['confirm p1 --only d1,d2', 'POST /api/v1/plans/p1/confirm {"only":["d1","d2"]}', 'p1 is confirmed\n'],
    ['reject p1', 'POST /api/v1/plans/p1/reject {}', 'p1 is rejected\n'],
    ['mode observe', 'PUT /api/v1/mode {"mode":"observe"}', 'the mode is observe\n'],
  ])('%s', async (line, call, words) => {
    answers[call] = {};
    expect(await drover(line.split(' '), { env })).toEqual({ exitCode: 0, out: words, said: [] });
    expect(asked).toEqual([call]);
  });

  test('what it refuses is a failure, in its words', async () => {
    expect(await drover(['confirm', 'p2'], { env })).toEqual({ exitCode: 1, out: '', said: ['drover: not now'] });
  });
});

test('the option goes before the environment', async () => {
  answers['GET /api/v1/plans'] = [];
  const ran = await drover(['plans', '--url', env.DROVER_URL], { env: { DROVER_URL: 'http://127.0.0.1:1' } });
  expect(ran.exitCode).toBe(0);
});

test('nobody there: one sentence, exit code 1', async () => {
  const ran = await drover(['status', '--url', 'http://127.0.0.1:1']);
  expect(ran).toMatchObject({
    exitCode: 1,
    out: '',
    said: [expect.stringContaining('no daemon answers at http://127.0.0.1:1/')],
  });
});
