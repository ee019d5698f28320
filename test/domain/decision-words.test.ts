import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/domain/decision.ts';
import { decisionWords, planWords } from '../../src/domain/decision-words.ts';
import { aDecision, aPlan, aRefused, aStep } from '../serve/fake-daemon.ts';

const switchOff = { kind: 'power', host: 'h8', to: 'off' } as const;
const moves = ['a', 'b', 'c', 'd'].map((vm) => ({ kind: 'move', vm, from: 'h8', to: 'h2' }) as const);

describe('decision words', () => {
  const rows: [about: string, decision: Decision, words: string][] = [
    [
      'what it saves and costs',
      aDecision(),
      'web: h1 → h2: contention −0.42 €/h; costs 0.020 € once; pays back in 2 min 24 s',
    ],
    ['a refusal and its reason', aRefused(), 'db: h1 → h3: refused by open-host: h3 is off'],
    ['a rule that is obeyed at any price', aDecision({ terms: [], onceCost: 0, paybackMs: null }), 'web: h1 → h2'],
    [
      'a term that gets dearer',
      aDecision({ terms: [{ term: 'power', beforePerHour: 1, afterPerHour: 1.2 }], onceCost: 0, paybackMs: null }),
      'web: h1 → h2: power +0.20 €/h',
    ],
    [
      'a large group, cut short',
      aDecision({ changes: [...moves, switchOff], terms: [], onceCost: 0, paybackMs: null }),
      'a: h8 → h2, b: h8 → h2, c: h8 → h2 and 2 more',
    ],
    [
      'a wish that came to no change',
      aDecision({
        changes: [],
        because: 'h1 suffers at 95 % CPU',
        refusal: { rule: 'payback', because: 'no move pays back' },
      }),
      'h1 suffers at 95 % CPU: refused by payback: no move pays back',
    ],
  ];
  test.each(rows)('%s', (_, decision, words) => expect(decisionWords(decision, 'EUR')).toBe(words));
});

describe('plan words', () => {
  test.each([
    [aPlan(), '1 migration in 20 s'],
    [aPlan({ steps: [aStep(), aStep(), aStep({ change: switchOff })] }), '2 migrations and 1 power switch in 20 s'],
    [aPlan({ steps: [] }), 'nothing to do'],
  ])('%#', (plan, words) => expect(planWords(plan)).toBe(words));
});
