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
 * because here one that is off is back at once or within an interval. Load here is noise around a mean that changes
 * slowly: what a VM wants at one sample says next to nothing about the next one. So a host is filled by what its VMs are
 * expected to want, and one that lacks something now is relieved for as long as that lasts: an interval, a tenth or less of
 * the horizon. Of what is foreseen to lack, a fifth is suffered before somebody has been moved. What a copy costs is
 * in proportion to what the guest does, which is how the published figures count it.
 */
export const GREEN_PROFILE: Profile = {
  ...DEFAULT_PROFILE,
  policies: {
    'load-balance': { weight: 1, options: { comfort: 1, slowdown: 0, foresight: 0.9, unrelieved: 0.2 } },
    'green-consolidation': { weight: 1, options: {} },
  },
  horizonMinutes: 120,
  margin: 1,
  leastSavingPerHour: 0,
  ceilings: perResource(() => 1),
  peaksTogether: 0,
  vmCooldownMinutes: 0,
  minimumOnMinutes: 0,
  minimumOffMinutes: 0,
  spareHosts: 0,
  spareShare: 0,
};

/**
 * What suffering and copies cost, against energy. The published figures of the compatible setting weigh both heavily, ESV
 * with the square of the copies. In the repaired one the peers let VMs starve ten times as much, and energy is what counts.
 */
const WEIGHTS = {
  compatible: { perStarvedCoreHour: 1, perMigratedCoreMinute: 0.12 },
  repaired: { perStarvedCoreHour: 0.27, perMigratedCoreMinute: 0.06 },
} as const;

export const greenPrices = (setting: SettingName): Prices => ({ ...DEFAULT_PRICES, ...WEIGHTS[setting] });

export const GREEN_LIMITS = { ...DEFAULT_LIMITS, changesPerCycle: 0 };

/** One sample per interval: the newest is now, and two hours are lately. */
export const GREEN_WINDOWS = { fastWindowSeconds: 300, slowWindowSeconds: 7200, deviationWindow: 'slow' } as const;

/** The policies as they are shipped. */
export async function greenPolicies(): Promise<readonly LoadedPolicy[]> {
  const { policies } = await loadPolicies({ folders: [] });
  const { chosen, problems } = choosePolicies(policies, GREEN_PROFILE);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return chosen;
}
