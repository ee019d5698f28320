import { describe, expect, test } from 'vitest';
import { coupledBoundMs } from '../bench/direct-bound.ts';
import { complaintsAbout } from '../kit/plan-checker.ts';
import { randomPlan } from './random-plans.ts';

/** Room is short everywhere, and a twentieth of the moves goes round in rings of hosts that are full. */
const TIGHT = { withRules: false, withPower: false, inGroups: false, onePhase: true, spareGib: 16, isSpareDrawn: true };

describe('where moves wait for room, the plan takes hardly longer than it must', () => {
  test.each([
    ['a ring, and little else to do', { hosts: 82, moves: 21 }, 4],
    ['a ring of three, and few moves per host', { hosts: 151, moves: 58 }, 28],
    ['chains of moves that wait for each other', { hosts: 24, moves: 12 }, 55],
    ['the same in a larger fleet', { hosts: 28, moves: 16 }, 125],
    ['two that have to stop over at once', { hosts: 7, moves: 11 }, 67],
    ['four that wait for each other and a ring', { hosts: 24, moves: 14 }, 377],
    ['one that waits although it could begin', { hosts: 7, moves: 16 }, 698],
    ['many rings on two of four hosts', { hosts: 4, moves: 184 }, 80],
    ['five hosts of which three do nearly all the work', { hosts: 5, moves: 169 }, 70],
    ['many moves per host', { hosts: 12, moves: 1_102 }, 18],
  ])('%s', (_what, size, seed) => {
    const planned = randomPlan({ ...TIGHT, ringShare: 0.05, ...size }, seed);
    expect(complaintsAbout(planned)).toEqual([]);
    expect(planned.plan.impossible).toEqual([]);
    expect(planned.plan.makespanMs / coupledBoundMs(planned)).toBeLessThan(1.1);
  });
});
