/**
 * How few hosts a fleet is packed onto when moves cost nothing: hosts left on over L1, the number that no packing can go
 * below (for each resource, all that is wanted over what one host offers; the larger).
 * `node test/bench/consolidation.ts --hosts 1000 --load 0.5 --seed 7 --cases 3 --json`
 */
import { decide } from '../../src/decide/decide.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GIB } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { oneOf, type SeededRandom, seededRandom, wholeBelow } from '../../src/simulator/random.ts';
import { decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { benchArguments } from './arguments.ts';

const CORES = 64;
const CORE_MHZ = 2_500;
const HOST_GIB = 256;

/** Cores and GiB, as clouds sell them: for general use, for computing and for memory. */
const FLAVOURS = [
  [1, 2],
  [1, 4],
  [2, 4],
  [2, 8],
  [2, 16],
  [4, 8],
  [4, 16],
  [4, 32],
  [8, 16],
  [8, 32],
  [16, 32],
  [16, 64],
] as const;

interface Size {
  readonly cpu: number;
  readonly memory: number;
}

/** Shares of a host that a VM takes, drawn by chance. */
const KINDS: Readonly<Record<string, (random: SeededRandom) => Size>> = {
  flavours: (random) => {
    const [cores, gib] = oneOf(random, FLAVOURS);
    return { cpu: cores / CORES, memory: gib / HOST_GIB };
  },
  'U(.1,.4)²': (random) => ({ cpu: 0.1 + 0.3 * random.next(), memory: 0.1 + 0.3 * random.next() }),
};

const { json, ...given } = benchArguments({ hosts: 1_000, load: 0.5, seed: 7, cases: 3 });

const rows = Object.entries(KINDS).flatMap(([kind, draw]) =>
  many(given.cases, (n) => measured(kind, draw, given.seed + n - 1)),
);
const line = { ...given, rows };
process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);

function measured(kind: string, draw: (random: SeededRandom) => Size, seed: number) {
  const { snapshot, lowest } = spreadFleet(draw, seed);
  const free = { perMigratedGib: 0, perMigrationMinute: 0, perBlackoutSecond: 0, perSessionMoved: 0, perPowerCycle: 0 };
  const input = decideInput(snapshot, {
    policies: STOCK_POLICIES.filter(({ policy }) => policy.id === 'green-consolidation'),
    profile: {
      ...DEFAULT_PROFILE,
      leastSavingPerHour: 0,
      spareHosts: 0,
      spareShare: 0,
      ceilings: { cpu: 1, memory: 1, netRx: 1, netTx: 1 },
    },
    prices: { ...DEFAULT_PRICES, ...free },
  });
  const started = performance.now();
  const { efficacy } = decide(input);
  const ms = Math.round(performance.now() - started);
  const ratio = Number((efficacy.hostsOnAfter / lowest).toFixed(4));
  const vms = snapshot.vms.ids.length;
  return { kind, seed, vms, lowest, hostsOn: efficacy.hostsOnAfter, ratio, moves: efficacy.moves, ms };
}

/** VMs until the share that is asked for is wanted of one resource, each on a host drawn from those with room. */
function spreadFleet(draw: (random: SeededRandom) => Size, seed: number): { snapshot: Snapshot; lowest: number } {
  const random = seededRandom(seed);
  const watts = { watts: [100, 300], offWatts: 6, bootSeconds: 180, shutdownSeconds: 60 };
  const capacity = { cpuMhz: CORES * CORE_MHZ, memoryBytes: HOST_GIB * GIB };
  const hosts = many(given.hosts, (n) => aHost({ id: `h${n}`, cores: CORES, capacity, powerModel: watts }));
  const used = hosts.map(() => ({ cpu: 0, memory: 0 }));
  const sum = { cpu: 0, memory: 0 };
  const vms: Vm[] = [];
  while (Math.max(sum.cpu, sum.memory) < given.load * given.hosts) {
    const size = draw(random);
    let at = wholeBelow(random, hosts.length);
    while (used[at]!.cpu + size.cpu > 1 || used[at]!.memory + size.memory > 1) at = (at + 1) % hosts.length;
    for (const key of ['cpu', 'memory'] as const) {
      used[at]![key] += size[key];
      sum[key] += size[key];
    }
    const demand = { cpuMhz: size.cpu * capacity.cpuMhz, memoryBytes: size.memory * capacity.memoryBytes };
    vms.push(aVm({ id: `v${vms.length + 1}`, host: hosts[at]!.id, demand }));
  }
  const lowest = Math.max(Math.ceil(sum.cpu), Math.ceil(sum.memory));
  return { snapshot: toSnapshot(anInventory({ hosts, vms })), lowest };
}
