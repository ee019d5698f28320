/**
 * How evenly memory can be spread: the difference between the shares of the fullest and of the emptiest host, from a
 * random start, by a policy that does nothing but dislike full hosts.
 * `node test/bench/balance-gap.ts --hosts 64 --vms 640 --seed 7 --cases 10 --json`
 */
import { decide } from '../../src/decide/decide.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { MEMORY } from '../../src/domain/resources.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GIB } from '../../src/domain/units.ts';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { seededRandom, wholeBelow } from '../../src/simulator/random.ts';
import { afterwards } from '../kit/afterwards.ts';
import { decideInput } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { benchArguments } from './arguments.ts';

/** So dear that no move is too dear for it. */
const PER_FULL_HOST = 1_000;

const EVENNESS: LoadedPolicy = {
  version: 'bench',
  weight: 1,
  values: {},
  policy: definePolicy({
    id: 'even-memory',
    about: 'The fuller a host, the more the next GiB costs.',
    phase: 'improve',
    options: {},
    terms: { host: 'unevenness' },
    cost: { host: ({ memory }) => PER_FULL_HOST * memory.share ** 2 },
  }),
};

const HOST_GIB = 512;
const LARGEST_VM_GIB = 64;

const { json, ...given } = benchArguments({ hosts: 64, vms: 640, seed: 7, cases: 10 });

const seeds = many(given.cases, (n) => given.seed + n - 1);
// What the first decision of a process costs is the compiler's time.
for (const seed of seeds.slice(0, 3)) decide(inputOf(randomFleet(seed + 1_000_000)));
const rows = seeds.map((seed) => {
  const snapshot = randomFleet(seed);
  const started = performance.now();
  const cpu = process.cpuUsage();
  const verdicts = decide(inputOf(snapshot));
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const gap = gapOf(afterwards(snapshot, verdicts));
  return {
    seed,
    gapBefore: rounded(gapOf(snapshot)),
    gap: rounded(gap),
    moves: verdicts.efficacy.moves,
    ms: rounded(ms),
    cpuMs: rounded((user + system) / 1_000),
  };
});

const worst = (key: 'gap' | 'ms' | 'cpuMs') => Math.max(...rows.map((row) => row[key]));
const line = { ...given, worstGap: worst('gap'), worstMs: worst('ms'), worstCpuMs: worst('cpuMs'), rows };
process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);

function randomFleet(seed: number): Snapshot {
  const random = seededRandom(seed);
  const hosts = many(given.hosts, (n) => aHost({ id: `h${n}`, capacity: { memoryBytes: HOST_GIB * GIB } }));
  const used = hosts.map(() => 0);
  const vms = many(given.vms, (n) => {
    const gib = 2 + wholeBelow(random, LARGEST_VM_GIB - 1);
    const host = randomHostWithRoom(used, gib, () => wholeBelow(random, hosts.length));
    used[host]! += gib;
    return aVm({ id: `v${n}`, host: hosts[host]!.id, demand: { cpuMhz: 500, memoryBytes: gib * GIB } });
  });
  return toSnapshot(anInventory({ hosts, vms }));
}

/** Below the ceiling: no start is broken. */
function randomHostWithRoom(used: readonly number[], gib: number, anyHost: () => number): number {
  const most = HOST_GIB * DEFAULT_PROFILE.ceilings.memory;
  if (used.every((each) => each + gib > most)) throw new Error('that many VMs do not fit on those hosts');
  for (;;) {
    const host = anyHost();
    if (used[host]! + gib <= most) return host;
  }
}

function inputOf(snapshot: Snapshot) {
  const profile = { ...DEFAULT_PROFILE, leastSavingPerHour: 0 };
  return decideInput(snapshot, { policies: [EVENNESS], profile, power: false });
}

function gapOf({ hosts, vms }: Snapshot): number {
  const used = hosts.ids.map(() => 0);
  vms.ids.forEach((_, vm) => {
    used[vms.host[vm]!]! += vms.demand[MEMORY]![vm]!;
  });
  const shares = used.map((bytes, host) => bytes / hosts.capacity[MEMORY]![host]!);
  return Math.max(...shares) - Math.min(...shares);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
