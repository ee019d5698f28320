import { MB_PER_S } from './model.ts';

/** What tells whether a host has too much to do. */
export interface Burden {
  readonly mips: number;
  readonly wantedMips: number;
  /** Share that the VMs now on it wanted together at the last ticks, newest first; 0 where there is nothing. */
  readonly history: Float64Array;
  readonly largestMb: number;
}

export type Detector = (burden: Burden) => boolean;

/** Which of two published versions: they differ in the regression and in how targets are chosen. */
export const RULES = ['3.0', '3.0.3'] as const;
export type Rule = (typeof RULES)[number];

const FALLBACK_SHARE = 0.7;
const FEWEST_VALUES = 12;
const REGRESSED = 10;
const INTERVAL_SECONDS = 300;

const fallback: Detector = ({ wantedMips, mips }) => wantedMips / mips > FALLBACK_SHARE;

export const threshold =
  (share: number): Detector =>
  ({ wantedMips, mips }) =>
    wantedMips / mips > share;

/** Median of the distances from the median, and how many of them are kept free. */
export const medianDeviation = (safety: number): Detector =>
  adaptive(safety, (values) => {
    const middle = median(values);
    return median(values.map((value) => Math.abs(middle - value)));
  });

export const quartileRange = (safety: number): Detector =>
  adaptive(safety, (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const quartile = (share: number) => sorted[Math.round(share * (values.length + 1)) - 1]!;
    return quartile(0.75) - quartile(0.25);
  });

function adaptive(safety: number, spreadOf: (values: number[]) => number): Detector {
  return (burden) => {
    const values = withoutZeroTail(burden.history);
    if (values.length < FEWEST_VALUES) return fallback(burden);
    return burden.wantedMips / burden.mips > 1 - safety * spreadOf(values);
  };
}

/** A straight line through the last values, followed until the longest migration would be over. */
export const localRegression =
  (safety: number, rule: Rule): Detector =>
  (burden) => {
    const { history, largestMb } = burden;
    if (lengthWithoutZeroTail(history) < REGRESSED) return fallback(burden);
    const values = Array.from({ length: REGRESSED }, (_, i) => history[REGRESSED - i - 1]!);
    const { intercept, slope } = rule === '3.0' ? weightedLine(values) : plainLine(values);
    const ahead = Math.ceil(largestMb / MB_PER_S / INTERVAL_SECONDS);
    return (intercept + slope * (REGRESSED + ahead)) * safety >= 1;
  };

function lengthWithoutZeroTail(history: Float64Array): number {
  let last = history.length - 1;
  while (last > 0 && history[last] === 0) last--;
  return last + 1;
}

function withoutZeroTail(history: Float64Array): number[] {
  return Array.from(history.subarray(0, lengthWithoutZeroTail(history)));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = 0.5 * (sorted.length + 1);
  const below = Math.floor(place);
  if (place < 1) return sorted[0]!;
  if (place >= sorted.length) return sorted.at(-1)!;
  const low = sorted[below - 1]!;
  return low + (place - below) * (sorted[below]! - low);
}

interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** Least squares, updated point by point as the library of the original does it. */
function plainLine(values: readonly number[]): Line {
  let [meanX, meanY, sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0, 0, 0];
  values.forEach((y, n) => {
    const x = n + 1;
    if (n === 0) {
      meanX = x;
      meanY = y;
    } else {
      const fact1 = 1 + n;
      const fact2 = n / (1 + n);
      const dx = x - meanX;
      const dy = y - meanY;
      sumXX += dx * dx * fact2;
      sumXY += dx * dy * fact2;
      meanX += dx / fact1;
      meanY += dy / fact1;
    }
    sumX += x;
    sumY += y;
  });
  const slope = sumXY / sumXX;
  return { intercept: (sumY - slope * sumX) / values.length, slope };
}

/** Tricube weights, squared by being taken for standard deviations; the two oldest count like the third. */
const SQUARED_WEIGHTS = Array.from({ length: REGRESSED }, (_, i) => {
  const distance = (REGRESSED - 1 - Math.max(2, i)) / (REGRESSED - 1);
  return (1 - distance ** 3) ** 6;
});

function weightedLine(values: readonly number[]): Line {
  let [s, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  values.forEach((y, i) => {
    const x = i + 1;
    const w = SQUARED_WEIGHTS[i]!;
    s += w;
    sx += w * x;
    sy += w * y;
    sxx += w * x * x;
    sxy += w * x * y;
  });
  const slope = (s * sxy - sx * sy) / (s * sxx - sx * sx);
  return { intercept: (sy - slope * sx) / s, slope };
}
