import { BASELINES, baselineDecider } from './baselines.ts';
import type { Rule } from './detectors.ts';
import { DAY_SECONDS, HOST_COUNT, hostKind } from './model.ts';
import type { Setting } from './settings.ts';
import { placeByPower, placeFirstFit } from './start.ts';
import { World } from './world.ts';

export const POLICIES = ['npa', 'dvfs', 'thr', 'iqr', 'mad', 'lr'] as const;
export type PolicyName = (typeof POLICIES)[number];

const LAST_UPDATE_SECONDS = DAY_SECONDS - 299.9;
const WATT_SECONDS_PER_KWH = 3_600_000;

/** Runs one policy for one day. Shares are shares, not percentages. */
export function measure(percents: readonly ArrayLike<number>[], setting: Setting, policy: PolicyName, rule: Rule) {
  const world = new World(percents, setting);
  const isPublished = BASELINES.includes(policy);
  if (isPublished) placeByPower(world, rule);
  else placeFirstFit(world);
  world.run(isPublished ? baselineDecider(policy, rule, world) : () => ({ migrations: [], on: [], off: [] }));
  return figuresOf(world, policy);
}

function figuresOf(world: World, policy: PolicyName) {
  const { pdm, slatah, slatahWithoutArtefact, underAllocation, ...figures } = world.records.figures();
  const switchingKwh = world.machines.switchingKwh;
  const energyKwh = policy === 'npa' ? allAtFullPowerKwh() : world.energyKwh + switchingKwh;
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
    switchedOff: world.machines.switchedOff,
    powerCycles: world.machines.cycles,
  };
}

/** Without power management every host draws all that it can until the last update. */
function allAtFullPowerKwh(): number {
  let watts = 0;
  for (let host = 0; host < HOST_COUNT; host++) watts += hostKind(host).watts.at(-1)!;
  return (watts * LAST_UPDATE_SECONDS) / WATT_SECONDS_PER_KWH;
}
