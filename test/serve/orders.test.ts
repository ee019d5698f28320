import { describe, expect, test } from 'vitest';
import { Client } from '../../src/serve/client.ts';
import { aDecision, aPlan, aStep, someVerdicts } from './fake-daemon.ts';
import { ask, serve } from './running.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('orders', () => {
  test.each([
    ['hosts/h1/drain', {}, 'drain h1'],
    ['hosts/h1/undrain', {}, 'undrain h1'],
    ['hosts/h1/clear', {}, 'clear h1'],
    ['hosts/h1/prove', {}, 'prove h1'],
    ['hosts/h1/vouch', {}, 'vouch h1'],
    ['hosts/h1/power', { to: 'off' }, 'power h1 off'],
    ['vms/web%2F1/migrate', { to: 'h2' }, 'migrate web/1 to h2'],
    ['steps/p1-s1/cancel', {}, 'cancel p1-s1'],
    ['pause', {}, 'pause'],
    ['resume', {}, 'resume'],
  ])('POST %s reaches the operator, for good or for a try', async (path, body, order) => {
    const { url, daemon } = await serve();
    const post = (more: object) => ask(`${url}api/v1/${path}`, 'POST', JSON_TYPE, JSON.stringify({ ...body, ...more }));
    const reply = await post({});
    expect([reply.status, JSON.parse(reply.body)]).toEqual([
      200,
      { dryRun: false, words: `heard: ${order}`, steps: [], endsAtMs: null },
    ]);
    expect(JSON.parse((await post({ dryRun: true })).body).dryRun).toBe(true);
    expect(daemon.operator.told).toEqual([order, `${order}?`]);
    daemon.operator.refusal = 'not on a Friday';
    expect(await post({})).toMatchObject({ status: 409, body: '{"error":"not on a Friday"}\n' });
  });

  test.each([
    ['hosts/h1/drain', '{"dryRun": "yes"}', 'dryRun must be true or false'],
    ['plans/p1/confirm', '{"only": "d1"}', 'only must be a list of one or more ids of decisions'],
    ['plans/p1/confirm', '{"only": []}', 'only must be a list of one or more ids of decisions'],
    ['hosts/h1/power', '{"to": "standby"}', 'the body must say "to": "on" or "off"'],
    ['vms/web/migrate', '{}', 'the body must say "to": the name of a host'],
    ['vms/web/migrate', '{"to": 5}', 'the body must say "to": the name of a host'],
  ])('POST %s with %s is refused', async (path, body, error) => {
    const { url, daemon } = await serve();
    const reply = await ask(`${url}api/v1/${path}`, 'POST', JSON_TYPE, body);
    expect([reply.status, JSON.parse(reply.body).error]).toEqual([400, error]);
    expect(daemon.operator.told).toEqual([]);
  });

  test('tell what will be carried out, and what stands can be asked for', async () => {
    const { url, daemon } = await serve();
    daemon.operator.steps = [aStep()];
    const client = new Client(url);
    const { steps } = await client.migrate('web', 'h2', { dryRun: true });
    expect(steps).toMatchObject([{ words: 'web: h1 → h2', change: { kind: 'move', vm: 'web' } }]);
    expect(await client.orders()).toEqual(daemon.operator.stands);
  });

  test('a plan can be confirmed for a try', async () => {
    const { url, daemon } = await serve();
    await new Client(url).confirm('p1', true);
    await new Client(url).confirm('p1', true, ['d1']);
    expect([daemon.operator.told, daemon.told]).toEqual([['confirm p1?', 'confirm p1 d1?'], []]);
  });
});

describe('the past', () => {
  test('in pages, cycle by cycle, and as a case', async () => {
    const { url, daemon } = await serve();
    daemon.past.recorded = [3, 2, 1].map((snapshotVersion) => ({ ...someVerdicts(), snapshotVersion }));
    const client = new Client(url);
    const cycles = await client.cycles({ limit: 2 });
    expect(cycles.map(({ cycle, accepted, refused, hasCase }) => [cycle, accepted, refused, hasCase])).toEqual([
      [3, 1, 1, true],
      [2, 1, 1, false],
    ]);
    expect(cycles[0]?.words).toMatch(/^web: h1 → h2: contention/);
    expect((await client.cycles({ before: 2 })).map(({ cycle }) => cycle)).toEqual([1]);
    expect(await client.cycleCase('3')).toBe('{"cycle":3}');
    await expect(client.cycleCase('2')).rejects.toThrow('of cycle 2 no case was kept');
    await expect(client.cycle('9')).rejects.toThrow('there is no cycle 9 in the history (any more)');
    await expect(client.cycle('last')).rejects.toThrow('there is no cycle last');
  });

  test('with the plan, the steps and how they ended', async () => {
    const { url, daemon } = await serve();
    daemon.past.recorded = [{ ...someVerdicts([aDecision()]), snapshotVersion: 1 }];
    daemon.past.plan = aPlan();
    const outcome = { state: 'failed', because: 'the target went away', atMs: 9 } as const;
    daemon.past.steps = [{ step: aStep(), plan: 'p1', begunAtMs: 5, outcome }];
    const detail = await new Client(url).cycle('1');
    expect(detail).toMatchObject({ plan: { id: 'p1' }, planned: [{ id: 's1' }], decisions: [{ id: 'd1' }] });
    expect(detail.steps).toMatchObject([{ id: 's1', begunAtMs: 5, outcome }]);
  });
});
