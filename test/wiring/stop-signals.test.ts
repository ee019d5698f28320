import { expect, test } from 'vitest';
import { StopSignals } from '../../src/wiring/stop-signals.ts';

test.each([
  ['one press', [1_000], ['stop']],
  ['one press that npm passes on', [1_000, 1_003], ['stop', 'same press']],
  ['two presses', [1_000, 1_003, 2_400, 2_401], ['stop', 'same press', 'end at once', 'end at once']],
])('%s', (_, instants, answers) => {
  const signals = new StopSignals();
  expect(instants.map((atMs) => signals.received(atMs))).toEqual(answers);
});
