import { HOUR, SECOND } from '../domain/units.ts';
import type { EntityForecast } from './forecast.ts';
import type { Series } from './series.ts';

/** What is seen of the processors of one host or VM. */
export interface Signals {
  /** Means of the fast and of the slow window. */
  readonly nowMhz: number;
  readonly latelyMhz: number;
  readonly highestMhz: number;
  readonly lowestMhz: number;
  /** How fast it rises, over the slow window; falling is negative. */
  readonly riseMhzPerHour: number;
  /** Of hosts: the fast and the slow window agree that there is too much to do, or it has lasted. */
  readonly isHot?: boolean;
  /** Of VMs. */
  readonly forecast?: EntityForecast;
}

export function signalsOf({ windows, inUse }: Series, row: number): Signals {
  if (!inUse) return { nowMhz: 0, latelyMhz: 0, highestMhz: 0, lowestMhz: 0, riseMhzPerHour: 0 };
  const { fast, slow } = windows;
  return {
    nowMhz: fast.mean[row]!,
    latelyMhz: slow.mean[row]!,
    highestMhz: slow.peak[row]!,
    lowestMhz: slow.lowest[row]!,
    riseMhzPerHour: slow.risePerS(row) * (HOUR / SECOND),
  };
}
