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

type SettingName = 'compatible' | 'repaired';

/**
 * How Drover is set for this experiment, the same for every day. Hosts may be filled to the brim and none is spare,
 * because here one that is off is back at once or within an interval. Work does not queue before a host is full. What a
 * copy costs is in proportion to what the guest does, which is how the published figures count it.
 */
const PROFILE: Profile = {
  ...DEFAULT_PROFILE,
  policies: {
    'load-balance': { weight: 1, options: { comfort: 1, slowdown: 0 } },
    'green-consolidation': { weight: 1, options: {} },
  },
  horizonMinutes: 120,
  margin: 1,
  leastSavingPerHour: 0,
  ceilings: perResource(() => 1),
  vmCooldownMinutes: 0,
  minimumOnMinutes: 0,
  minimumOffMinutes: 0,
  spareHosts: 0,
  spareShare: 0,
};

/**
 * How much suffering weighs. The published figures weigh it and each copy heavily, so in the compatible setting some room
 * is kept for peaks too. In the repaired one the peers let VMs starve ten times as much, and energy is what counts.
 */
const WEIGHTS = {
  compatible: { peaksTogether: 0.2, perStarvedCoreHour: 1, perMigratedCoreMinute: 0.12 },
  repaired: { peaksTogether: 0, perStarvedCoreHour: 0.21, perMigratedCoreMinute: 0.05 },
} as const;

export function greenProfile(setting: SettingName): Profile {
  return { ...PROFILE, peaksTogether: WEIGHTS[setting].peaksTogether };
}

export function greenPrices(setting: SettingName): Prices {
  const { perStarvedCoreHour, perMigratedCoreMinute } = WEIGHTS[setting];
  return { ...DEFAULT_PRICES, perStarvedCoreHour, perMigratedCoreMinute };
}

export const GREEN_LIMITS = { ...DEFAULT_LIMITS, changesPerCycle: 0 };

/** One sample per interval: three of them are now, and seventy minutes are lately. */
export const GREEN_WINDOWS = { fastWindowSeconds: 900, slowWindowSeconds: 4200, deviationWindow: 'slow' } as const;

/** The policies as they are shipped. */
export async function greenPolicies(): Promise<readonly LoadedPolicy[]> {
  const { policies } = await loadPolicies({ folders: [] });
  const { chosen, problems } = choosePolicies(policies, PROFILE);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return chosen;
}
