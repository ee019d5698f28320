import { describe, expect, test } from 'vitest';
import type { Puzzle } from '../../src/plan/fastest-order.ts';
import { fastestOrder } from '../../src/plan/fastest-order.ts';
import { many } from '../kit/fleet.ts';
import { chance } from './random-plans.ts';

const HOSTS = 4;

function randomPuzzle(seed: number): Puzzle {
  const below = chance(seed);
  const pieces = many(4, () => {
    const from = below(HOSTS);
    const to = (from + 1 + below(HOSTS - 1)) % HOSTS;
    const mayStopOverAt = many(HOSTS, (n) => n - 1).filter((host) => host !== from && host !== to);
    return { from, to, durationMs: 1 + below(9), needs: [1 + below(4)], mayStopOverAt };
  });
  const busyMs = Float64Array.from({ length: HOSTS }, () => below(3));
  const free = Float64Array.from({ length: HOSTS }, (_, host) => Math.max(0, netGain(pieces, host)) + below(3));
  return { pieces, free: [free], busyMs };
}

/** What a host has to have room for in the end. */
function netGain(pieces: Puzzle['pieces'], host: number): number {
  return pieces.reduce(
    (sum, { from, to, needs }) => sum + needs[0]! * (Number(to === host) - Number(from === host)),
    0,
  );
}

/** Every sequence there is, with nothing left out. */
function shortest({ pieces, free, busyMs }: Puzzle, stopOvers: number): number {
  const at = pieces.map(({ from }) => from);
  const room = [...free[0]!];
  const go = (readyMs: readonly number[], stopsLeft: number, endMs: number): number => {
    if (pieces.every(({ to }, n) => at[n] === to)) return endMs;
    let leastMs = Number.POSITIVE_INFINITY;
    pieces.forEach(({ from, to, durationMs, needs, mayStopOverAt }, n) => {
      const here = at[n]!;
      const stops = here === from && stopsLeft > 0 ? mayStopOverAt : [];
      for (const target of here === to ? [] : [to, ...stops]) {
        if (room[target]! < needs[0]!) continue;
        const untilMs = Math.max(readyMs[here]!, readyMs[target]!) + durationMs;
        at[n] = target;
        room[here]! += needs[0]!;
        room[target]! -= needs[0]!;
        const nextMs = readyMs.map((ms, host) => (host === here || host === target ? untilMs : ms));
        leastMs = Math.min(leastMs, go(nextMs, target === to ? stopsLeft : stopsLeft - 1, Math.max(endMs, untilMs)));
        at[n] = here;
        room[here]! -= needs[0]!;
        room[target]! += needs[0]!;
      }
    });
    return leastMs;
  };
  return go([...busyMs], stopOvers, 0);
}

describe('the fastest order of few moves', () => {
  test.each([0, 1, 2])('with %i stop-overs is that of all sequences', (stopOvers) => {
    const found = many(60, (seed) => {
      const puzzle = randomPuzzle(seed);
      const fastest = fastestOrder(puzzle, { withinMs: 1_000, stopOvers, looks: 100_000 });
      expect(fastest.isProved).toBe(true);
      expect(fastest.turns === undefined ? Number.POSITIVE_INFINITY : fastest.ms).toBe(shortest(puzzle, stopOvers));
      return fastest;
    });
    expect(found.filter(({ turns }) => turns !== undefined).length).toBeGreaterThan(20);
  });

  test('says when it was broken off', () => {
    const { isProved, looked } = fastestOrder(randomPuzzle(1), { withinMs: 1_000, stopOvers: 2, looks: 3 });
    expect([isProved, looked]).toEqual([false, 3]);
  });
});
