import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldAbove } from '../../src/observe/held-above.ts';

const LIMIT = 50;
const MOST_GAP_MS = 100;

interface Sample {
  readonly value: number;
  readonly atMs: number;
}

/** From scratch: back from the newest sample, as long as there is no gap and no value at or below the limit. */
function heldFrom(samples: readonly Sample[]): number {
  let sinceMs: number | undefined;
  let laterMs: number | undefined;
  for (const { value, atMs } of samples.toReversed()) {
    if (value <= LIMIT || (laterMs !== undefined && laterMs - atMs > MOST_GAP_MS)) break;
    sinceMs = atMs;
    laterMs = atMs;
  }
  return sinceMs === undefined ? 0 : samples.at(-1)!.atMs - sinceMs;
}

const sequences = fc
  .array(fc.record({ value: fc.integer({ min: 30, max: 100 }), stepMs: fc.integer({ min: 1, max: 120 }) }))
  .map((steps) => {
    let atMs = 0;
    return steps.map(({ value, stepMs }) => {
      atMs += stepMs;
      return { value, atMs };
    });
  });

function watching(rows: number): HeldAbove {
  const held = new HeldAbove(MOST_GAP_MS);
  held.reserve(rows);
  for (let row = 0; row < rows; row++) held.limit(row, LIMIT);
  return held;
}

describe('held above a limit', () => {
  it('agrees with a look at all samples', () => {
    fc.assert(
      fc.property(sequences, (samples) => {
        const held = watching(1);
        samples.forEach(({ value, atMs }, place) => {
          held.take(0, value, atMs);
          expect(held.heldMs(0)).toBe(heldFrom(samples.slice(0, place + 1)));
        });
      }),
    );
  });

  it('is of each row by itself, and is forgotten with it', () => {
    const held = watching(2);
    for (const atMs of [10, 90]) {
      held.take(0, 60, atMs);
      held.take(1, 40, atMs);
    }
    expect([held.heldMs(0), held.heldMs(1)]).toEqual([80, 0]);
    held.clear(0);
    expect([held.heldMs(0), held.limitOf(0)]).toEqual([0, Infinity]);
  });
});
