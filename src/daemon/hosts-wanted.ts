import { BOOTING, ON } from '../domain/power.ts';
import type { Limits, Profile } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import type { HostsWish } from './calendar.ts';

/** Boots now and then take longer than their host's model says. */
const BOOT_MARGIN = 1.25;

export interface Pace {
  readonly limits: Limits;
  readonly cycleSeconds: number;
}

/**
 * How many hosts must be on now, so that there are enough when the calendar wants them. Until it is time to wake more,
 * what is wanted of those that are on stays on.
 */
export function leastHostsOn(wish: HostsWish | undefined, snapshot: Snapshot, pace: Pace): number {
  if (wish === undefined || wish.atLeast === 0) return 0;
  const up = hostsUp(snapshot);
  const missing = Math.max(0, wish.atLeast - up);
  const isTime = snapshot.atMs >= wish.byMs - leadMs(missing, snapshot, pace);
  return isTime ? wish.atLeast : Math.min(wish.atLeast, up);
}

/** The slowest counts, and as many in turn as may boot at a time. */
function leadMs(missing: number, { hosts, pools }: Snapshot, { limits, cycleSeconds }: Pace): number {
  const slowest = Array.from(hosts.power).reduce((most, power, host) => {
    const { bootSeconds } = pools.powerModels[hosts.powerModel[host]!]!;
    return power === ON ? most : Math.max(most, bootSeconds);
  }, 0);
  const atOnce = limits.powerSwitchesPerCluster === 0 ? missing : limits.powerSwitchesPerCluster;
  const turns = missing === 0 ? 0 : Math.ceil(missing / atOnce);
  return (turns * slowest * BOOT_MARGIN + 2 * cycleSeconds) * SECOND;
}

function hostsUp({ hosts }: Snapshot): number {
  return hosts.ids.filter((_, host) => {
    const isUp = hosts.power[host] === ON || hosts.power[host] === BOOTING;
    return isUp && hosts.known[host] === 1 && hosts.maintenance[host] !== 1;
  }).length;
}

/** The same profile while the number stays the same: what is remembered of a cycle holds for one profile. */
export class ProfileWithHosts {
  #base: Profile | undefined;
  #made: Profile | undefined;

  of(base: Profile, leastOn: number): Profile {
    const wanted = Math.max(base.leastHostsOn, leastOn);
    if (wanted === base.leastHostsOn) return base;
    if (this.#made === undefined || this.#base !== base || this.#made.leastHostsOn !== wanted) {
      this.#base = base;
      this.#made = { ...base, leastHostsOn: wanted };
    }
    return this.#made;
  }
}
