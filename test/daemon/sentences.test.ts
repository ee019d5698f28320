import { expect, test } from 'vitest';
import { drainSentence, newDecisions, stepSentence } from '../../src/daemon/sentences.ts';
import type { Step, StepStatus } from '../../src/domain/plan.ts';
import { SECOND } from '../../src/domain/units.ts';
import { aDecision, move, power, theVerdicts } from '../kit/verdicts.ts';

const STEP: Step = {
  id: 'p1-s1',
  decision: 'd1-1',
  phase: 'improve',
  change: { kind: 'move', vm: 'web', from: 'h1', to: 'h2' },
  after: [],
  startsAtMs: 0,
  endsAtMs: 0,
};

const status = (parts: Partial<StepStatus>): StepStatus => ({
  step: STEP,
  plan: 'p1',
  state: 'done',
  because: '',
  startedAtMs: 1 * SECOND,
  endedAtMs: 15 * SECOND,
  progress: null,
  ...parts,
});

test.each<[string, Partial<StepStatus>]>([
  ['web: h1 → h2: done after 14 s', {}],
  ['web: h1 → h2: failed after 14 s: no progress', { state: 'failed', because: 'no progress' }],
  ['web: h1 → h2: cancelled: no longer wanted', { state: 'cancelled', because: 'no longer wanted', startedAtMs: null }],
  [
    'web: h1 → h2: done: found done after a restart',
    { because: 'found done after a restart', startedAtMs: 60 * SECOND },
  ],
])('%s', (sentence, parts) => {
  expect(stepSentence(status(parts))).toBe(sentence);
});

const NOTHING = { finished: 0, cancelledInFlight: 0, failed: 0, cancelledQueued: 0 };

test.each([
  ['stopped: nothing was under way', NOTHING],
  ['stopped: 1 step finished', { ...NOTHING, finished: 1 }],
  [
    'stopped: 3 steps finished, 1 step cancelled, 5 queued steps dropped',
    { ...NOTHING, finished: 3, cancelledInFlight: 1, cancelledQueued: 5 },
  ],
])('%s', (sentence, report) => {
  expect(drainSentence(report)).toBe(sentence);
});

test.each([
  ['a VM of which nothing is known yet', [move('db', 'h1', 'h2')], 1],
  ['the same that waits already', [move('web', 'h1', 'h2')], 0],
  ['one that waits, and is now to go elsewhere', [move('web', 'h1', 'h3')], 0],
  ['one that waits, from where another step brings it', [move('web', 'h2', 'h3')], 1],
  ['a group in which somebody is new', [move('web', 'h1', 'h2'), power('h1', 'off')], 1],
] as const)('%s: told so often in the log', (_, changes, times) => {
  const queued = status({ state: 'queued', startedAtMs: null, endedAtMs: null });
  expect(newDecisions(theVerdicts([aDecision(changes)]), [queued])).toHaveLength(times);
  expect(newDecisions(theVerdicts([aDecision(changes)]), [status({ state: 'done' })])).toHaveLength(1);
});
