import { expect, test } from 'vitest';
import type { DecisionDetail } from '../../src/serve/api.ts';
import { aDecision, aPlan, aRefused, aStep, aStepStatus, FakeDaemon, someVerdicts } from './fake-daemon.ts';
import { ask, serve } from './running.ts';

async function trace(daemon: FakeDaemon, id: string): Promise<DecisionDetail> {
  const { url } = await serve({ daemon });
  return JSON.parse((await ask(`${url}api/v1/decisions/${id}`)).body);
}

test('one id leads from the age of the data over plan and steps to the outcome', async () => {
  const daemon = new FakeDaemon();
  daemon.planned = [{ plan: aPlan({ steps: [aStep(), aStep({ id: 's9', decision: 'd9' })] }), state: 'under way' }];
  const measured = { seconds: 22, bytes: 5e9, blackoutMs: 40 };
  daemon.stepping = [
    aStepStatus({ step: aStep({ id: 's9', decision: 'd9' }) }),
    aStepStatus({ state: 'done', measured }),
  ];
  expect(await trace(daemon, 'd1')).toMatchObject({
    id: 'd1',
    accepted: true,
    oldestAgeMs: 12_000,
    plan: { id: 'p1', state: 'under way' },
    planned: [{ id: 's1', words: 'web: h1 → h2' }],
    steps: [{ step: { id: 's1', decision: 'd1' }, state: 'done', measured }],
    repeatedAs: [],
  });
});

test('a decision that was made again leads on to the one that counts', async () => {
  const daemon = new FakeDaemon();
  const again = { ...someVerdicts([aDecision({ id: 'd2-1' }), aRefused()]), snapshotVersion: 2 };
  const refusedNow = { rule: 'capacity', because: 'h2 is full' };
  const notAgain = { ...someVerdicts([aDecision({ id: 'd3-1', refusal: refusedNow })]), snapshotVersion: 3 };
  daemon.judged = [notAgain, again, someVerdicts([aDecision()])];
  expect((await trace(daemon, 'd1')).repeatedAs).toEqual(['d2-1']);
  expect(await trace(daemon, 'd2-1')).toMatchObject({ repeatedAs: [], oldestAgeMs: null, plan: null, steps: [] });
});

test('a refusal has neither plan nor steps', async () => {
  expect(await trace(new FakeDaemon(), 'd2')).toMatchObject({ accepted: false, plan: null, planned: [], steps: [] });
});
