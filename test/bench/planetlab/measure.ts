import type { LoadedPolicy } from '../../../src/sdk/choose.ts';
import { baselineDecider } from './baselines.ts';
import type { Rule } from './detectors.ts';
import { Green } from './green.ts';
import { DAY_SECONDS, HOST_COUNT, hostKind } from './model.ts';
import type { Setting } from './settings.ts';
import { placeByPower, placeFirstFit } from './start.ts';
import { type Orders, World } from './world.ts';

export const POLICIES = ['green', 'npa', 'dvfs', 'thr', 'iqr', 'mad', 'lr'] as const;
export type PolicyName = (typeof POLICIES)[number];
export type PublishedName = Exclude<PolicyName, 'green'>;

const LAST_UPDATE_SECONDS = DAY_SECONDS - 299.9;
const WATT_SECONDS_PER_KWH = 3_600_000;
const NOTHING: Orders = { migrations: [], on: [], off: [] };

/** Runs one published policy for one day. Shares are shares, not percentages. */
export function measure(percents: readonly ArrayLike<number>[], setting: Setting, policy: PublishedName, rule: Rule) {
  const world = new World(percents, setting);
  if (policy === 'npa' || policy === 'dvfs') {
    placeFirstFit(world);
    world.run(() => NOTHING);
  } else {
    placeByPower(world, rule);
    world.run(baselineDecider(policy, rule, world));
  }
  return { ...figuresOf(world), ...(policy === 'npa' ? { energyKwh: allAtFullPowerKwh() } : {}) };
}

/** The same for Drover's own profile: it starts from where the rule has put the VMs, and switches hosts itself. */
export function measureGreen(
  percents: readonly ArrayLike<number>[],
  setting: Setting,
  rule: Rule,
  policies: readonly LoadedPolicy[],
) {
  const world = new World(percents, { ...setting, switchesOffEmpty: false });
  placeByPower(world, rule);
  const green = new Green(world, policies);
  world.run(() => green.decide());
  return figuresOf(world);
}

function figuresOf(world: World) {
  const { pdm, slatah, slatahWithoutArtefact, underAllocation, ...figures } = world.records.figures();
  const { switchingKwh, switchedOff, cycles } = world.machines;
  const energyKwh = world.energyKwh + switchingKwh;
  return {
    energyKwh,
    switchingKwh,
    migrations: world.migrationCount,
    pdm,
    slatah,
    slatahWithoutArtefact,
    slav: slatah * pdm,
    esv: energyKwh * slatah * pdm,
    underAllocation,
    ...figures,
    switchedOff,
    powerCycles: cycles,
  };
}

/** Without power management every host draws all that it can until the last update. */
function allAtFullPowerKwh(): number {
  let watts = 0;
  for (let host = 0; host < HOST_COUNT; host++) watts += hostKind(host).watts.at(-1)!;
  return (watts * LAST_UPDATE_SECONDS) / WATT_SECONDS_PER_KWH;
}
