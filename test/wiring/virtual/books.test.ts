import { describe, expect, test } from 'vitest';
import type { Change } from '../../../src/domain/change.ts';
import { Succession } from '../../../src/domain/inventory.ts';
import type { StepState, StepStatus } from '../../../src/domain/plan.ts';
import { HOUR, MINUTE } from '../../../src/domain/units.ts';
import { Deeds } from '../../../src/wiring/virtual/deeds.ts';
import { LoopBook } from '../../../src/wiring/virtual/loop-book.ts';
import { anInventory, aVm, NOON_MS } from '../../kit/fleet.ts';
import { aDecision, move, power, theVerdicts } from '../../kit/verdicts.ts';

describe('the loop book', () => {
  const hosts = anInventory().hosts;
  const succession = new Succession();
  const seen = (minutes: number, cpuMhz: number, cpuSoonMhz: number) => {
    const vms = [aVm({ demand: { cpuMhz }, cpuSoonMhz })];
    return succession.next({ ...anInventory({ hosts, vms }), atMs: NOON_MS + minutes * MINUTE });
  };

  test('holds a forecast against what came when it was due', () => {
    const book = new LoopBook(30);
    book.cycle(seen(0, 1000, 1200), undefined);
    expect(book.figures().forecastErrorShare).toBeNull();
    book.cycle(seen(15, 1100, 900), undefined);
    book.cycle(seen(30, 1000, 1000), undefined);
    expect(book.figures().forecastErrorShare).toBe(200 / 1000);
    book.cycle(seen(45, 1000, 1000), undefined);
    expect(book.figures().forecastErrorShare).toBe((200 + 100) / 2000);
  });

  test('counts rules that come to be broken once, and for how long they are', () => {
    const book = new LoopBook(30);
    const violation = { rule: 'apart', because: 'they are together', host: 'h1', vms: ['a', 'b'] };
    const verdicts = (...violations: (typeof violation)[]) => ({ ...theVerdicts([]), violations });
    book.cycle(seen(0, 1, 1), verdicts(violation));
    book.cycle(seen(30, 1, 1), verdicts(violation, { ...violation, host: 'h2' }));
    book.cycle(seen(60, 1, 1), verdicts());
    book.cycle(seen(120, 1, 1), verdicts(violation));
    const { ruleViolations, ruleViolationHours, cycles } = book.figures();
    expect({ ruleViolations, ruleViolationHours, cycles }).toEqual({
      ruleViolations: 3,
      ruleViolationHours: 1.5,
      cycles: 4,
    });
  });

  test('adds up what policies reckoned, term by term', () => {
    const book = new LoopBook(30);
    const terms = [{ term: 'power', beforePerHour: 3, afterPerHour: 2 }];
    for (const minutes of [0, 30, 60]) book.cycle(seen(minutes, 1, 1), { ...theVerdicts([]), terms });
    expect(book.figures().reckonedCostByTerm).toEqual({ power: 3 });
  });
});

describe('deeds', () => {
  function ended(decision: string, change: Change, hours: number, state: StepState = 'done'): StepStatus {
    const step = {
      id: `s-${decision}`,
      decision,
      phase: 'improve' as const,
      change,
      after: [],
      startsAtMs: 0,
      endsAtMs: 0,
    };
    const endedAtMs = NOON_MS + hours * HOUR;
    return { step, plan: 'p', state, because: '', startedAtMs: NOON_MS, endedAtMs, progress: null };
  }

  test('last until one of their changes is undone, and are worth what they saved meanwhile', () => {
    const deeds = new Deeds(10);
    const [emptied, back] = [move('a', 'h1', 'h2'), move('a', 'h2', 'h1')];
    deeds.decided([
      aDecision([emptied, power('h1', 'off')], { id: 'd1', savingPerHour: 2, onceCost: 1 }),
      aDecision([back], { id: 'd2', savingPerHour: 1, onceCost: 0 }),
    ]);
    deeds.ended(ended('d1', emptied, 0));
    deeds.ended(ended('d1', power('h1', 'off'), 1));
    deeds.ended(ended('d2', back, 4));
    const told = deeds.best(NOON_MS + 6 * HOUR);
    expect(told.map(({ changes, lastedHours, worth }) => [changes.length, lastedHours, worth])).toEqual([
      [2, 3, 5],
      [1, 2, 2],
    ]);
  });

  test('are what was done, not what was decided', () => {
    const deeds = new Deeds(10);
    const change = move('a', 'h1', 'h2');
    deeds.decided([
      aDecision([change], { id: 'd1' }),
      aDecision([change], { id: 'd2', refusal: { rule: 'x', because: '' } }),
    ]);
    deeds.ended(ended('d1', change, 0, 'failed'));
    deeds.ended(ended('d2', change, 0));
    expect(deeds.best(NOON_MS)).toEqual([]);
  });

  test('keep the best of many', () => {
    const deeds = new Deeds(2);
    for (let n = 0; n < 50; n++) {
      const change = move(`vm${n}`, 'h1', 'h2');
      deeds.decided([aDecision([change], { id: `d${n}`, savingPerHour: (n * 7) % 50 })]);
      deeds.ended(ended(`d${n}`, change, 0));
    }
    expect(deeds.best(NOON_MS + HOUR).map(({ worth }) => worth)).toEqual([49, 48]);
  });
});
