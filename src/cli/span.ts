import { DAY, HOUR, MINUTE, SECOND } from '../domain/units.ts';

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** "90s", "15m", "1h" or "30d"; undefined where it is no such thing. */
export function spanMs(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text.trim());
  const ms = found === null ? 0 : Number(found[1]) * UNITS[found[2]!]!;
  return ms > 0 ? ms : undefined;
}
