/**
 * Random small datacenters whose cost is linear in places and loads, so that an exact optimum can be had for them:
 * straight power curves, and contention that rises along straight lines.
 */
import type { DecideInput } from '../../src/decide/decide.ts';
import type { Host } from '../../src/domain/host.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { PowerModel } from '../../src/domain/power.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { GBIT_PER_S, GIB } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { between, longTailed, oneOf, type SeededRandom, seededRandom, wholeBelow } from '../../src/simulator/random.ts';
import { decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';

/** What a case puts to the test, in turn. */
export const SETTINGS = ['packing', 'rules and reserve', 'contention'] as const;
export type Setting = (typeof SETTINGS)[number];

export interface SmallCase {
  readonly seed: number;
  readonly setting: Setting;
  readonly input: DecideInput;
}

/** Above `from`, each further share of a host's load costs so much per core. */
export const CONTENTION_LINES = [
  { from: 0.6, perCoreHour: 0.005 },
  { from: 0.75, perCoreHour: 0.06 },
] as const;

const CONTENTION: LoadedPolicy = {
  version: 'bench',
  weight: 1,
  values: {},
  policy: definePolicy({
    id: 'straight-contention',
    about: 'Contention that rises along straight lines.',
    phase: 'relieve',
    options: {},
    terms: { host: 'contention' },
    cost: { host: ({ cpu, cores }) => cores * contentionPerCore(cpu.share) },
  }),
};

export function contentionPerCore(share: number): number {
  return CONTENTION_LINES.reduce((most, line) => Math.max(most, (share - line.from) * line.perCoreHour), 0);
}

const kind = (cores: number, coreMhz: number, gib: number, idleWatts: number, fullWatts: number) => ({
  cores,
  capacity: { cpuMhz: cores * coreMhz, memoryBytes: gib * GIB },
  powerModel: { watts: [idleWatts, fullWatts], offWatts: 6, bootSeconds: 180, shutdownSeconds: 60 } as PowerModel,
});

const KINDS = [kind(24, 2400, 192, 130, 310), kind(32, 2600, 256, 95, 290), kind(40, 2500, 384, 120, 390)];
const MOST_VMS = 50;
const GIBS = [2, 4, 8, 12, 16, 24, 32];

export function smallCase(seed: number, mostHosts: number): SmallCase {
  const random = seededRandom(seed);
  const setting = SETTINGS[seed % SETTINGS.length]!;
  const hosts = many(3 + wholeBelow(random, mostHosts - 2), (n) => randomHost(n, random));
  const vms = placed(hosts, randomVms(hosts, random), random);
  const rules = setting === 'rules and reserve' ? separations(vms, random) : [];
  const green = STOCK_POLICIES.filter(({ policy }) => policy.id === 'green-consolidation');
  const reserve = setting === 'rules and reserve' ? {} : { spareHosts: 0, spareShare: 0 };
  const input = decideInput(toSnapshot(anInventory({ hosts, vms, rules })), {
    policies: setting === 'contention' ? [...green, CONTENTION] : green,
    profile: { ...DEFAULT_PROFILE, leastSavingPerHour: 0, ...reserve },
  });
  return { seed, setting, input };
}

function randomHost(n: number, random: SeededRandom): Host {
  const isOff = n > 2 && random.next() < 0.15;
  const migrationBytesPerS = oneOf(random, [1, 10]) * GBIT_PER_S;
  return aHost({
    id: `h${n}`,
    ...oneOf(random, KINDS),
    migrationBytesPerS,
    power: isOff ? 'off' : 'on',
  });
}

/** As many as fifty, which together want a share of all that is on, drawn by chance per resource. */
function randomVms(hosts: readonly Host[], random: SeededRandom): Vm[] {
  const on = hosts.filter(({ power }) => power === 'on');
  const offered = (key: 'cpuMhz' | 'memoryBytes') => on.reduce((sum, { capacity }) => sum + capacity[key], 0);
  const count = Math.min(MOST_VMS, on.length * (3 + wholeBelow(random, 7)));
  const raw = many(count, () => ({ cpu: longTailed(random, 0.8), memory: oneOf(random, GIBS) }));
  const total = (read: (each: (typeof raw)[number]) => number) => raw.reduce((sum, each) => sum + read(each), 0);
  const perCpu = (between(random, 0.15, 0.65) * offered('cpuMhz')) / total(({ cpu }) => cpu);
  const perMemory = (between(random, 0.15, 0.7) * offered('memoryBytes')) / total(({ memory }) => memory);
  return raw.map(({ cpu, memory }, i) => {
    const demand = { cpuMhz: Math.round(cpu * perCpu), memoryBytes: Math.round(memory * perMemory) };
    const memoryActiveBytes = Math.round(demand.memoryBytes * between(random, 0.3, 1));
    return aVm({ id: `v${i + 1}`, demand, memoryActiveBytes });
  });
}

/** Each on a host that is on and has room for it, below the ceilings; VMs that find none are left out. */
function placed(hosts: readonly Host[], vms: readonly Vm[], random: SeededRandom): Vm[] {
  const { cpu, memory } = DEFAULT_PROFILE.ceilings;
  const free = hosts
    .filter(({ power }) => power === 'on')
    .map(({ id, capacity }) => ({ id, cpuMhz: capacity.cpuMhz * cpu, memoryBytes: capacity.memoryBytes * memory }));
  return vms.flatMap((vm) => {
    const fitting = free.filter((host) => {
      return host.cpuMhz >= vm.demand.cpuMhz && host.memoryBytes >= vm.demand.memoryBytes;
    });
    if (fitting.length === 0) return [];
    const host = oneOf(random, fitting);
    host.cpuMhz -= vm.demand.cpuMhz;
    host.memoryBytes -= vm.demand.memoryBytes;
    return [{ ...vm, host: host.id }];
  });
}

/** Two VMs of different hosts at a time, until nearly a third of all are kept apart from another. */
function separations(vms: readonly Vm[], random: SeededRandom): Rule[] {
  const free = [...vms];
  const rules: Rule[] = [];
  for (let n = 1; n <= vms.length / 7; n++) {
    const [first] = free.splice(wholeBelow(random, free.length), 1);
    const second = free.findIndex(({ host }) => host !== first?.host);
    if (first === undefined || second < 0) break;
    const [other] = free.splice(second, 1);
    rules.push({ kind: 'anti-affinity', id: `apart-${n}`, vms: [first.id, other!.id], level: 'host' });
  }
  return rules;
}
