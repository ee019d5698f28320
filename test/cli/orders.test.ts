import { beforeEach, describe, expect, test } from 'vitest';
import { NOON_MS } from '../kit/fleet.ts';
import { aStep, FakeDaemon, someVerdicts } from '../serve/fake-daemon.ts';
import { serve } from '../serve/running.ts';
import { drover } from './console.ts';

let daemon: FakeDaemon;
let env: { DROVER_URL: string };

beforeEach(async () => {
  daemon = new FakeDaemon();
  const server = await serve({ daemon });
  env = { DROVER_URL: server.url };
});

describe('verbs', () => {
  test.each([
    ['drain h1', 'drain h1'],
    ['undrain h1', 'undrain h1'],
    ['migrate web h2', 'migrate web to h2'],
    ['cancel p1-s1', 'cancel p1-s1'],
    ['pause', 'pause'],
    ['resume', 'resume'],
    ['power h1 off', 'power h1 off'],
    ['power h1 on', 'power h1 on'],
    ['prove h1', 'prove h1'],
    ['vouch h1', 'vouch h1'],
    ['clear h1', 'clear h1'],
  ])('drover %s', async (line, order) => {
    const words = line.split(' ');
    expect(await drover(words, { env })).toEqual({ exitCode: 0, out: `heard: ${order}\n`, said: [] });
    const tried = await drover([...words, '--dry-run'], { env });
    expect(tried.out).toBe(`dry run: heard: ${order}\n`);
    expect(daemon.operator.told).toEqual([order, `${order}?`]);
    daemon.operator.refusal = 'not on a Friday';
    expect(await drover(words, { env })).toEqual({ exitCode: 1, out: '', said: ['drover: not on a Friday'] });
  });

  test('a try shows what would be carried out', async () => {
    daemon.operator.steps = [aStep()];
    const { out } = await drover(['migrate', 'web', 'h2', '--dry-run'], { env });
    expect(out).toBe('dry run: heard: migrate web to h2\n  web: h1 → h2, from 0 ms to 20 s\n');
    const { out: json } = await drover(['migrate', 'web', 'h2', '--dry-run', '--json'], { env });
    expect(JSON.parse(json)).toMatchObject({ dryRun: true, steps: [{ id: 's1' }] });
  });

  test('confirm and reject can be tried', async () => {
    expect((await drover(['confirm', 'p1', '--dry-run'], { env })).out).toBe('p1 could be confirmed\n');
    expect((await drover(['reject', 'p1', '--dry-run'], { env })).out).toBe('p1 could be rejected\n');
    expect(daemon.told).toEqual([]);
  });

  test('power asks for a state that there is', async () => {
    const { exitCode, said } = await drover(['power', 'h1', 'of'], { env });
    expect([exitCode, said]).toEqual([2, ['drover: STATE is "of", should be one of on, off']]);
  });
});

test('what stands is listed', async () => {
  expect((await drover(['orders'], { env })).out).toBe('nothing is ordered\n');
  daemon.operator.stands = {
    ...daemon.operator.stands,
    pausedSinceMs: NOON_MS,
    drains: [{ host: 'h3', sinceMs: NOON_MS, emptyAtMs: null, vmsLeft: 4 }],
    suspects: [{ host: 'h4', because: 'not on after 10 min', sinceMs: NOON_MS }],
    unproven: ['h5', 'h6'],
  };
  const { out } = await drover(['orders'], { env });
  expect(out.split('\n').slice(1)).toEqual([
    'pause       2026-11-20T12:00:00.000Z  nothing is started',
    'drain h3    2026-11-20T12:00:00.000Z  4 VMs left',
    'suspect h4  2026-11-20T12:00:00.000Z  not on after 10 min',
    'unproven                              h5 h6',
    '',
  ]);
});

describe('history', () => {
  beforeEach(() => {
    daemon.past.recorded = [2, 1].map((snapshotVersion) => ({ ...someVerdicts(), snapshotVersion }));
  });

  test('lists cycles', async () => {
    const { out } = await drover(['history'], { env });
    expect(out).toMatch(/CYCLE +AT +ACCEPTED +REFUSED +CASE +WHAT\n +2 .* 1 +1 +web: h1 → h2/);
    expect((await drover(['history', '--before', '1'], { env })).out).toBe('nothing is recorded\n');
  });

  test('tells one cycle with what became of its steps', async () => {
    const outcome = { state: 'failed', because: 'the target went away', atMs: NOON_MS + 5_000 } as const;
    daemon.past.plan = daemon.planned[0]?.plan;
    daemon.past.steps = [{ step: aStep(), plan: 'p1', begunAtMs: NOON_MS, outcome }];
    const { out } = await drover(['history', '1'], { env });
    expect(out).toContain('cycle 1 at 2026-11-20T12:00:00.000Z; `drover replay 1` decides it again');
    expect(out).toContain('s1  web: h1 → h2: failed after 5 s: the target went away');
    expect(await drover(['history', '7'], { env })).toMatchObject({
      exitCode: 1,
      said: ['drover: there is no cycle 7 in the history (any more)'],
    });
  });
});
