/**
 * How long a full decision takes, and the next one after a small change.
 * `npm run -s bench:decide -- --hosts 10000 --vms 100000 --seed 7 --json`
 */
import { decideNext } from '../../src/decide/decide.ts';
import type { Memory } from '../../src/decide/memory.ts';
import { inIdOrder } from '../../src/domain/canonical.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { OFF, ON } from '../../src/domain/power.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { CPU } from '../../src/domain/resources.ts';
import { type Snapshot, succeed } from '../../src/domain/snapshot.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { decideInput } from '../kit/deciding.ts';
import { many } from '../kit/fleet.ts';
import { benchArguments } from './arguments.ts';

const { json, ...given } = benchArguments({
  hosts: 1_000,
  vms: 10_000,
  seed: 7,
  skew: 0.25,
  rules: 0.1,
  traffic: 1.5,
  load: 0.5,
  changed: 0.01,
  later: 8,
});

const UNLIMITED = { ...DEFAULT_LIMITS, changesPerCycle: 0 };
const options = { ...GENERATE_DEFAULTS, ...given, racks: Math.ceil(given.hosts / 32) };
const inventory = generateInventory(options, given.seed);
if ('because' in inventory) throw new Error(inventory.because);
const snapshot = inIdOrder(toSnapshot(inventory));

const cold = timed(snapshot, undefined);
const left = carriedOut(snapshot, cold.verdicts);
const warm = timed(changedSlightly(left, given.changed, given.seed), cold.memory);
// The first one still finds code that has not been compiled: a daemon sees that once, and then the likes of these.
const later = many(given.later, (n) => timed(changedSlightly(left, given.changed, given.seed + n), cold.memory));

const line = {
  ...given,
  ms: Math.round(cold.ms),
  cpuMs: Math.round(cold.cpuMs),
  moves: cold.verdicts.efficacy.moves,
  costBeforePerHour: cold.verdicts.efficacy.costBeforePerHour,
  costAfterPerHour: cold.verdicts.efficacy.costAfterPerHour,
  hostsOn: cold.verdicts.efficacy.hostsOnAfter,
  hostsHotBefore: hostsAbove(snapshot, 0.9),
  hostsLeftHot: hostsAbove(left, 0.9),
  limitsHit: cold.verdicts.limitsHit,
  nextCycleMs: Math.round(warm.ms * 10) / 10,
  nextCycleCpuMs: Math.round(warm.cpuMs * 10) / 10,
  laterCyclesMs: medianOf(later.map(({ ms }) => ms)),
  laterCyclesCpuMs: medianOf(later.map(({ cpuMs }) => cpuMs)),
  nextCycleMoves: warm.verdicts.efficacy.moves,
  accepted: cold.verdicts.decisions.filter(isAccepted).length,
  peakRssMib: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);

function medianOf(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.round(10 * (sorted[Math.floor(sorted.length / 2)] ?? 0)) / 10;
}

interface Timed {
  readonly ms: number;
  /** Of all threads, garbage collection included: what a busy machine does not change much. */
  readonly cpuMs: number;
  readonly verdicts: Verdicts;
  readonly memory: Memory;
}

function timed(given: Snapshot, before: Memory | undefined): Timed {
  // Nothing but having found no more to do is to end the search.
  const input = decideInput(given, { limits: UNLIMITED });
  const started = performance.now();
  const cpu = process.cpuUsage();
  const next = decideNext(input, before);
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - started, cpuMs: (user + system) / 1000, ...next };
}

/** As the daemon would see it afterwards: the columns that changed are new, all others are shared. */
function carriedOut(before: Snapshot, verdicts: Verdicts): Snapshot {
  const host = Int32Array.from(before.vms.host);
  const power = Uint8Array.from(before.hosts.power);
  for (const change of verdicts.decisions.filter(isAccepted).flatMap((decision) => decision.changes)) {
    if (change.kind === 'move') host[before.vms.index.get(change.vm)!] = before.hosts.index.get(change.to)!;
    else power[before.hosts.index.get(change.host)!] = change.to === 'on' ? ON : OFF;
  }
  return succeed(before, { atMs: before.atMs + MINUTE, hosts: { power }, vms: { host } });
}

/** The load of some VMs, drawn by the seed, half as much again or half as much less. */
function changedSlightly(before: Snapshot, share: number, seed: number): Snapshot {
  const random = seededRandom(seed);
  const cpu = Float64Array.from(before.vms.ids, (_, vm) => {
    const factor = random.next() < share ? 0.5 + random.next() : 1;
    return before.vms.demand[CPU]![vm]! * factor;
  });
  const demand = before.vms.demand.map((column, r) => (r === CPU ? cpu : column));
  return succeed(before, { atMs: before.atMs, vms: { demand } });
}

function hostsAbove({ hosts, vms }: Snapshot, share: number): number {
  const used = new Float64Array(hosts.ids.length);
  vms.ids.forEach((_, vm) => {
    used[vms.host[vm]!]! += vms.demand[CPU]![vm]!;
  });
  return used.filter((mhz, host) => mhz > hosts.capacity[CPU]![host]! * share).length;
}
