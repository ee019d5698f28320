import { expect, test } from 'vitest';
import { wakesFor } from '../../src/decide/wakes-for.ts';
import { aDecision, move, power } from '../kit/verdicts.ts';

test('of what was decided, a drain takes along the hosts that have to be woken for it, and nothing else', () => {
  const drain = aDecision([move('a', 'h1', 'h2')], { id: 'd1' });
  const wake = aDecision([power('h2', 'on')], { id: 'd2' });
  const refused = aDecision([power('h2', 'on')], { id: 'd3', refusal: { rule: 'x', because: 'no' } });
  const others = [aDecision([power('h3', 'on')], { id: 'd4' }), aDecision([power('h2', 'off')], { id: 'd5' })];
  expect(wakesFor([drain], [drain, refused, ...others, wake])).toEqual([wake]);
  expect(wakesFor([], [wake])).toEqual([]);
});
