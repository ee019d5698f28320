import { expect, test } from 'vitest';
import { compilerFaults } from '../../src/cli/policies/compiler-words.ts';

const ROWS = [
  {
    it: 'a name that the compiler has advice for which would not help',
    said: "mine/policy.ts(9,45): error TS2584: Cannot find name 'console'. Do you need to change your target library?",
    told: [
      'policy.ts line 9: a policy has no console: it sees the fleet, options and prices, and gives amounts of money or proposals',
    ],
  },
  {
    it: 'a module from outside, and what follows from that',
    said: [
      "mine/policy.ts(1,8): error TS2882: Cannot find module or type declarations for side-effect import of 'node:fs'.",
      "mine/policy.ts(3,4): error TS6133: 'fs' is declared but its value is never read.",
    ].join('\n'),
    told: ["policy.ts line 1: a policy cannot import 'node:fs', only '#sdk' and files beside it"],
  },
  {
    it: 'a file beside it that is not there: as the compiler says it',
    said: "mine/policy.ts(1,8): error TS2307: Cannot find module './curves.ts' or its corresponding type declarations.",
    told: ["policy.ts line 1: Cannot find module './curves.ts' or its corresponding type declarations."],
  },
  {
    it: 'something that is never used, where that is all',
    said: "mine/policy.ts(3,4): error TS6133: 'prices' is declared but its value is never read.",
    told: ["policy.ts line 3: 'prices' is declared but its value is never read."],
  },
  { it: 'nothing of other folders', said: 'yours/policy.ts(3,4): error TS1005: expected.', told: [] },
];

test.each(ROWS)('$it', ({ said, told }) => {
  expect(compilerFaults(said, 'mine')).toEqual(told);
});
