import { MINUTE } from '../../../src/domain/units.ts';
import type { Checker } from './checker.ts';

/** After so long without one believable sample, or without an inventory, nobody can take a host to be known. */
const UNKNOWN_AFTER_MS = 9 * MINUTE;

/** Nothing is brought to a host, and no host is switched off, of which nothing is known; or while nothing is known at all. */
export function unknown(): Checker {
  return {
    property: 'unknown hosts are left alone',
    judge(happening, { land }) {
      const isSwitchOff = happening.kind === 'switch ordered' && happening.to === 'off';
      const isMove = happening.kind === 'migration ordered';
      if ((!isSwitchOff && !isMove) || happening.by !== 'drover') return [];
      const host = isMove ? happening.order.to : happening.host;
      const nowMs = land.clock.nowMs();
      const what = isMove ? `${happening.order.id} goes to ${host}` : `${host} is switched off`;
      const found: string[] = [];
      if (nowMs - land.sight.sampledAtMs(host) > UNKNOWN_AFTER_MS)
        found.push(`${what}, of which no sample can be believed`);
      if (nowMs - land.sight.lastReadAtMs > UNKNOWN_AFTER_MS) found.push(`${what}, and nobody knows what is where`);
      return found;
    },
  };
}
