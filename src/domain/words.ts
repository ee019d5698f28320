/** Numbers as people read them, the same in every reason, table and page. */
import { RESOURCES, type Resource } from './resources.ts';
import { DAY, GIB, HOUR, KIB, MIB, MINUTE, SECOND } from './units.ts';

export function bytesWords(bytes: number): string {
  const size = Math.abs(bytes);
  if (size >= GIB) return `${rounded(bytes / GIB)} GiB`;
  if (size >= MIB) return `${rounded(bytes / MIB)} MiB`;
  if (size >= KIB) return `${rounded(bytes / KIB)} KiB`;
  return `${rounded(bytes)} B`;
}

export const rateWords = (bytesPerS: number): string => `${bytesWords(bytesPerS)}/s`;

/** "12 GiB of memory", given the number of the resource. */
export function amountWords(resource: number, amount: number): string {
  const { name, unit } = RESOURCES[resource]!;
  return `${quantityWords(amount, unit)} of ${name}`;
}

function quantityWords(amount: number, unit: Resource['unit']): string {
  if (unit === 'bytes') return bytesWords(amount);
  if (unit === 'bytes/s') return rateWords(amount);
  return unit === 'count' ? rounded(amount) : `${rounded(amount)} ${unit}`;
}

export const shareWords = (share: number): string => `${Math.round(share * 100)} %`;

export function spanWords(ms: number): string {
  if (!Number.isFinite(ms)) return 'never';
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${rounded(ms / SECOND)} s`;
  if (Math.round(ms / SECOND) * SECOND < HOUR) return twoParts(ms, MINUTE, 'min', SECOND, 's');
  if (ms < 2 * DAY) return twoParts(ms, HOUR, 'h', MINUTE, 'min');
  return `${rounded(ms / DAY)} days`;
}

/** "01:30", of minutes after midnight. */
export function dayTimeWords(minute: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Below this, money is rounding. */
const SMALLEST_SUM = 1e-7;

/** Two digits that matter, however small the sum; never "-0". */
export function moneyWords(amount: number, currency: string): string {
  const size = Math.abs(amount) < SMALLEST_SUM ? 0 : Math.abs(amount);
  const digits = size === 0 || size >= 10 ? 2 : Math.max(2, 1 - Math.floor(Math.log10(size)));
  const text = size.toFixed(digits);
  const sign = amount < 0 && Number(text) !== 0 ? '−' : '';
  return `${sign}${text} ${currency === 'EUR' ? '€' : currency}`;
}

function twoParts(ms: number, large: number, largeWord: string, small: number, smallWord: string): string {
  const total = Math.round(ms / small) * small;
  const rest = Math.round((total % large) / small);
  const whole = `${Math.floor(total / large)} ${largeWord}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallWord}`;
}

function rounded(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
