import { expect, test } from 'vitest';
import { Lifecycle, mayBecome } from '../../src/daemon/lifecycle.ts';
import type { LifecycleState } from '../../src/daemon/queries.ts';

const STATES: readonly LifecycleState[] = ['starting', 'running', 'draining', 'stopped', 'failed'];

/** Written down once more, by row: from, then all that it may become. */
const ROWS: readonly [LifecycleState, readonly LifecycleState[]][] = [
  ['starting', ['running', 'draining', 'failed']],
  ['running', ['draining', 'failed']],
  ['draining', ['stopped', 'failed']],
  ['stopped', []],
  ['failed', []],
];

test.each(ROWS)('from %s it may become only what the table says', (from, allowed) => {
  expect(STATES.filter((to) => mayBecome(from, to))).toEqual(allowed);
});

test('a life tells each state that it comes to', () => {
  const told: LifecycleState[] = [];
  const lifecycle = new Lifecycle((state) => told.push(state));
  for (const state of ['running', 'draining', 'stopped'] as const) lifecycle.become(state);
  expect(told).toEqual(['running', 'draining', 'stopped']);
});

test('a forbidden transition is a bug and changes nothing', () => {
  const lifecycle = new Lifecycle(() => undefined);
  expect(() => lifecycle.become('stopped')).toThrow('a daemon that is starting cannot become stopped');
  expect(lifecycle.state).toBe('starting');
});
