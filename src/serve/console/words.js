/** Numbers as people read them. */

export const percent = (share) => `${Math.round(share * 100)} %`;

export function watts(value) {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} kW`;
  if (value >= 1000) return `${(value / 1000).toFixed(2)} kW`;
  return `${Math.round(value)} W`;
}

export function money(amount, currency) {
  const size = Math.abs(amount);
  const text = size.toFixed(size === 0 || size >= 1 ? 2 : 3);
  return `${amount < 0 ? '−' : ''}${text} ${currency === 'EUR' ? '€' : currency}`;
}

export function span(ms) {
  if (ms === null || !Number.isFinite(ms)) return '';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const DATE = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const TIME = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

export const moment = (atMs) => `${DATE.format(atMs)} UTC`;
export const timeOfDay = (atMs) => TIME.format(atMs);

export const counted = (count, one, several = `${one}s`) => `${count} ${count === 1 ? one : several}`;
