import { spanWords } from '../domain/words.ts';
import type { Metric } from '../ports/samples.ts';
import { METRICS } from '../ports/samples.ts';
import type { Cause } from './trust-gate.ts';
import { CAUSES, causeOf } from './trust-gate.ts';

const NOUNS: Readonly<Record<Metric, string>> = {
  cpuMhz: 'its processors',
  memoryActiveBytes: 'its memory',
  netRxBytesPerS: 'what it receives',
  netTxBytesPerS: 'what it sends',
  dirtyBytesPerS: 'what it writes',
  liveSessions: 'its sessions',
  powerWatts: 'its watts',
  cpuCores: 'its processors',
};

/** Where a verdict and a metric stand in the list of words. */
export const doubtAt = (verdict: number, metric: number): number =>
  causeOf(verdict) === undefined ? 0 : 1 + (verdict - 1) * METRICS.length + metric;

/** All that can be said against data, each at its place; nothing is said against what is trusted. */
export function allDoubts(staleAfterMs: number): readonly string[] {
  return ['', ...CAUSES.flatMap((cause) => METRICS.map((metric) => wordsOf(cause, NOUNS[metric], staleAfterMs)))];
}

function wordsOf(cause: Cause, what: string, staleAfterMs: number): string {
  switch (cause) {
    case 'missing':
      return `there are too few samples of ${what} so far`;
    case 'stale':
      return `no sample of ${what} has come for more than ${spanWords(staleAfterMs)}`;
    case 'not-a-number':
      return `samples of ${what} are no numbers`;
    case 'negative':
      return `samples of ${what} are below zero`;
    case 'beyond-capacity':
      return `samples of ${what} are far above what there is`;
    case 'clock-skew':
      return `samples of ${what} bear the time of a clock that is wrong`;
    case 'counter-reset':
      return `the counter of ${what} began anew`;
    case 'unit-jump':
      return `samples of ${what} changed a thousandfold, as if their unit had`;
    case 'frozen':
      return `samples of ${what} have stood still for too long`;
    case 'inventory-unreadable':
      return 'nobody can tell what exists and where it is';
  }
}
