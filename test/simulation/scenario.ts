import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, type Limits, type Profile } from '../../src/domain/profile.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { generateInventory } from '../../src/simulator/generate.ts';
import { generateLoads, loadsOf } from '../../src/simulator/load.ts';
import type { LoadSource } from '../../src/simulator/load-source.ts';
import { between, oneOf, type SeededRandom, wholeBelow } from '../../src/simulator/random.ts';
import { onVirtualTime } from '../../src/wiring/virtual/virtual-world.ts';
import { chanceFor } from './chance.ts';
import { ALL_FAULTS, type Fault } from './faults/kinds.ts';
import { UNRULY } from './faults/unruly-policy.ts';

const START_MS = Date.UTC(2026, 0, 5, 12);

/** Everything that a seed stands for. */
export interface Scenario {
  readonly seed: number;
  readonly startMs: number;
  readonly settings: Settings;
  readonly inventory: Inventory;
  readonly loads: LoadSource & { stand(atMs: number): void };
  readonly faults: ReadonlySet<Fault>;
  /** For so long faults strike. */
  readonly troubledMs: number;
  /** Whether what makes the daemon's clock wrong makes its driver's stamps wrong too. */
  readonly sharesClock: boolean;
}

export interface FaultChoice {
  /** Faults that are left out. */
  readonly without?: readonly Fault[];
  /** These in place of what is drawn. */
  readonly only?: readonly Fault[];
}

export function drawScenario(seed: number, { without = [], only }: FaultChoice = {}): Scenario {
  const random = chanceFor(seed, 'scenario');
  const inventory = drawInventory(seed, random);
  const loads = drawLoads(inventory, seed, random);
  const settings = drawSettings(inventory.hosts.length, random);
  const troubledMs = oneOf(random, [20, 30, 50]) * MINUTE;
  const sharesClock = random.next() < 0.5;
  const faults = (only ?? drawFaults(random)).filter((fault) => !without.includes(fault));
  return { seed, startMs: START_MS, settings, inventory, loads, faults: new Set(faults), troubledMs, sharesClock };
}

/** Now a few at a time, now a storm. */
function drawFaults(random: SeededRandom): Fault[] {
  const share = oneOf(random, [0.15, 0.25, 0.35, 0.6]);
  return ALL_FAULTS.filter(() => random.next() < share);
}

function drawInventory(seed: number, random: SeededRandom): Inventory {
  const hosts = 3 + wholeBelow(random, 5);
  const options = {
    hosts,
    vms: hosts * (2 + wholeBelow(random, 3)),
    racks: 1 + wholeBelow(random, 2),
    skew: between(random, 0, 0.4),
    rules: between(random, 0, 0.6),
    variety: oneOf(random, [0, 0.5, 1]),
    traffic: between(random, 0, 1.5),
    load: random.next() < 0.5 ? between(random, 0.05, 0.3) : between(random, 0.3, 0.75),
    atMs: START_MS,
  };
  const inventory = generateInventory(options, seed);
  if ('because' in inventory) throw new Error(`seed ${seed} makes no datacenter: ${inventory.because}`);
  return inventory;
}

/** A short day goes on until somebody has the load stand still. */
function drawLoads({ vms }: Inventory, seed: number, random: SeededRandom): Scenario['loads'] {
  const lengthMs = oneOf(random, [40, 60, 120]) * MINUTE;
  const midnightMs = START_MS - random.next() * lengthMs;
  const inner = loadsOf(vms, generateLoads(vms, seed, { lengthMs, midnightMs }));
  let standsAtMs = Infinity;
  return {
    read: (atMs, into) => inner.read(Math.min(atMs, standsAtMs), into),
    stand: (atMs) => {
      standsAtMs = atMs;
    },
  };
}

function drawSettings(hosts: number, random: SeededRandom): Settings {
  const { observe, hostPower, history } = DEFAULT_SETTINGS;
  return onVirtualTime({
    ...DEFAULT_SETTINGS,
    mode: random.next() < 0.85 ? 'auto' : 'confirm',
    hostPower: { ...hostPower, provenByDefault: random.next() < 0.7, wakeOthers: random.next() < 0.5 },
    history: { ...history, cases: 0 },
    observe: {
      ...observe,
      sampleSeconds: 30,
      cycleSeconds: 60,
      fastWindowSeconds: 90,
      staleAfterIntervals: 3,
      frozenAfterSamples: 8,
    },
    profile: drawProfile(hosts, random),
    limits: drawLimits(random),
    telemetry: { ...DEFAULT_SETTINGS.telemetry, perHostSeries: false },
  });
}

function drawProfile(hosts: number, random: SeededRandom): Profile {
  const { profile } = DEFAULT_SETTINGS;
  const stock = ['load-balance', 'green-consolidation', 'network-aware'].filter((_, i) => i < 2 || random.next() < 0.3);
  const chosen = [...stock, 'maintenance', UNRULY];
  return {
    ...profile,
    policies: Object.fromEntries(chosen.map((id) => [id, { weight: 1, options: {} }])),
    horizonMinutes: oneOf(random, [30, 60, 120]),
    vmCooldownMinutes: oneOf(random, [1, 1, 5]),
    minimumOnMinutes: oneOf(random, [1, 1, 5]),
    minimumOffMinutes: 1,
    leastHostsOn: oneOf(random, [0, 0, hosts - 1]),
    spareHosts: wholeBelow(random, 2),
    spareShare: 0,
  };
}

function drawLimits(random: SeededRandom): Limits {
  const most = 1 + wholeBelow(random, 2);
  return {
    ...DEFAULT_LIMITS,
    migrationsPerSource: most,
    migrationsPerTarget: oneOf(random, [1, most]),
    migrationsPerPair: 1,
    migrationsPerCluster: oneOf(random, [0, 1, 2]),
    migrationsPerRackUplink: oneOf(random, [0, 0, 1]),
    powerSwitchesPerCluster: oneOf(random, [0, 1]),
  };
}
