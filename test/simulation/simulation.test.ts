import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { livedThrough } from './pool.ts';
import { Summary } from './summary.ts';

const SEEDS = 100;

test(`${SEEDS} seeds: whatever strikes, no property is violated, all heals, and each fault is met`, async () => {
  const errands = Array.from({ length: SEEDS }, (_, i) => ({ seed: i + 1, without: [] }));
  const summary = new Summary();
  for await (const run of livedThrough(errands, availableParallelism())) summary.add(run);
  const failed = summary.failed.map(({ seed, violations }) => ({
    again: `npm run -s simtest -- --seeds ${seed}`,
    violations,
  }));
  expect(failed).toEqual([]);
  expect(summary.notMet([])).toEqual([]);
});

test('the same seed lives through the same, to the last word', async () => {
  const errands = [7, 7].map((seed) => ({ seed, without: [] }));
  const hashes = [];
  for await (const run of livedThrough(errands, 2)) hashes.push(run.hash);
  expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(hashes[1]).toBe(hashes[0]);
});
