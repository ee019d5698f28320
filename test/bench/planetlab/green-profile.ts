import {
  DEFAULT_LIMITS,
  DEFAULT_PRICES,
  DEFAULT_PROFILE,
  type Prices,
  type Profile,
} from '../../../src/domain/profile.ts';
import { perResource } from '../../../src/domain/resources.ts';
import { loadPolicies } from '../../../src/loading/load-policies.ts';
import { choosePolicies, type LoadedPolicy } from '../../../src/sdk/choose.ts';

/**
 * How Drover is set for this experiment, the same for every day. Hosts may be filled to the brim and
 * none is spare, because here one that is off is back at once or within an interval. Work does not queue before a host is
 * full. VMs have nothing to do with one another, so their peaks do not come together. What a copy costs is in proportion
 * to what the guest does, which is how the published figures count it.
 */
export const GREEN_PROFILE: Profile = {
  ...DEFAULT_PROFILE,
  policies: {
    'load-balance': { weight: 1, options: { comfort: 1, slowdown: 0 } },
    'green-consolidation': { weight: 1, options: {} },
  },
  horizonMinutes: 120,
  margin: 1,
  leastSavingPerHour: 0,
  ceilings: perResource(() => 1),
  peaksTogether: 0.2,
  vmCooldownMinutes: 0,
  minimumOnMinutes: 0,
  minimumOffMinutes: 0,
  spareHosts: 0,
  spareShare: 0,
};

/**
 * The published figures of suffering weigh heavily in the compatible setting. In the repaired one, where the peers let
 * VMs starve ten times as much, it counts for half of what it usually does.
 */
const STARVED_CORE_HOUR = { compatible: 0.85, repaired: 0.25 } as const;

export function greenPrices(setting: keyof typeof STARVED_CORE_HOUR): Prices {
  return { ...DEFAULT_PRICES, perStarvedCoreHour: STARVED_CORE_HOUR[setting], perMigratedCoreMinute: 0.12 };
}

export const GREEN_LIMITS = { ...DEFAULT_LIMITS, changesPerCycle: 0 };

/** One sample per interval: three of them are now, and seventy minutes are lately. */
export const GREEN_WINDOWS = { fastWindowSeconds: 900, slowWindowSeconds: 4200, deviationWindow: 'slow' } as const;

/** The policies as they are shipped. */
export async function greenPolicies(): Promise<readonly LoadedPolicy[]> {
  const { policies } = await loadPolicies({ folders: [] });
  const { chosen, problems } = choosePolicies(policies, GREEN_PROFILE);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return chosen;
}
