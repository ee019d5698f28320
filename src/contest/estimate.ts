/** A mean over seeds, and where the true one is in 95 of 100 cases; null: there is but one seed. */
export interface Estimate {
  readonly mean: number;
  readonly margin: number | null;
}

/** Student's t at 97.5 %, by degrees of freedom from 1. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const T_OF_MANY = 1.96;

export function estimateOf(values: readonly number[]): Estimate {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count < 2) return { mean, margin: null };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, margin: (T[count - 2] ?? T_OF_MANY) * Math.sqrt(variance / count) };
}

/** Whether a difference is more than chance; a single seed proves nothing. */
export const isShown = ({ mean, margin }: Estimate): boolean => margin !== null && Math.abs(mean) > margin;
