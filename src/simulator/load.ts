import type { Vm } from '../domain/vm.ts';
import type { Demands, LoadSource } from './load-source.ts';
import { between, hashedShare, seededRandom } from './random.ts';
import { type Storms, stormsOf } from './storms.ts';

/** How the load of a VM goes over the day. */
export const LOAD_PATTERNS = ['diurnal', 'bursty', 'flat', 'batch'] as const;
export type LoadPattern = (typeof LOAD_PATTERNS)[number];

export interface Day {
  readonly lengthMs: number;
  /** Any midnight; with weekends, one before a Monday. */
  readonly midnightMs: number;
  /** How busy the sixth and the seventh day of each week are, as a share of the others; absent: all days are alike. */
  readonly weekendShare?: number;
}

/** Which patterns there are, and whether services are stormed now and then. */
export interface LoadShape {
  /** Shares of the VMs, by LOAD_PATTERNS. */
  readonly shares: readonly number[];
  /** Times a day that a service is stormed by many at once; absent: never. */
  readonly stormsPerDay?: number;
}

/** What an ordinary datacenter does: most by day, some in bursts, a few always the same, and jobs by night. */
export const MIXED_LOADS: LoadShape = { shares: [0.72, 0.15, 0.08, 0.05] };

/**
 * The load of each VM over time, as columns. A load is a factor to what the VM's inventory row says it uses, so 1 is an
 * ordinary busy hour.
 */
export interface Loads {
  readonly seed: number;
  readonly day: Day;
  /** Index into LOAD_PATTERNS. */
  readonly pattern: Uint8Array;
  readonly amplitude: Float64Array;
  /** How much earlier than others its day is, as a share of a day. */
  readonly phase: Float64Array;
  /** VMs of one zone get busy together now and then. */
  readonly zone: Uint32Array;
  readonly zoneCount: number;
  /** Of its service, whose VMs are stormed together. */
  readonly service: Uint32Array;
  readonly storms: Storms | undefined;
}

const BURSTY = LOAD_PATTERNS.indexOf('bursty');
const FLAT = LOAD_PATTERNS.indexOf('flat');
const BATCH = LOAD_PATTERNS.indexOf('batch');

const NIGHT_SHARE = 0.18;
const DAWN_FROM = 0.25;
const DAWN_TO = 0.33;
const DUSK_FROM = 0.74;
const DUSK_TO = 0.82;
/** As a share of the day, when load begins to fall. */
export const DUSK_AT = DUSK_FROM;

const BURST_SLOTS_PER_DAY = 48;
const BURST_CHANCE = 0.15;
const BURST_FACTOR = 2.2;
const BETWEEN_BURSTS_FACTOR = 0.8;
const RUSH_SLOTS_PER_DAY = 12;
const RUSH_CHANCE = 0.08;
const RUSH_FACTOR = 1.5;
const BATCH_BY_DAY_SHARE = 0.1;
const PHASE_JITTER = 0.01;
const DAYS_PER_WEEK = 7;
const FIRST_DAY_OFF = 5;

/** Fixed salts, so that bursts and rushes are drawn from different lots. */
const RUSH_SALT = 0x5bd1;

/** Loads for a made-up fleet. VMs that start on one host form a zone: their rushes are the hot spots of the day. */
export function generateLoads(vms: readonly Vm[], seed: number, day: Day, shape = MIXED_LOADS): Loads {
  const random = seededRandom(seed);
  const zones = new Map<string, number>();
  const service = numbered(vms.map(({ id, labels }) => labels.service ?? id));
  return {
    seed,
    day,
    pattern: Uint8Array.from(vms, () => patternFor(random.next(), shape.shares)),
    amplitude: Float64Array.from(vms, () => between(random, 0.9, 1.1)),
    phase: Float64Array.from(vms, () => between(random, -PHASE_JITTER, PHASE_JITTER)),
    zone: Uint32Array.from(vms, (vm) => {
      if (!zones.has(vm.host)) zones.set(vm.host, zones.size);
      return zones.get(vm.host)!;
    }),
    zoneCount: zones.size,
    service,
    storms: stormsOf(seed, day.lengthMs, service, shape.stormsPerDay),
  };
}

function numbered(names: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(names, (name) => numbers.get(name) ?? numbers.set(name, numbers.size).get(name)!);
}

/** What the shares leave over is of the last pattern. */
function patternFor(share: number, shares: readonly number[]): number {
  let sum = 0;
  for (let pattern = 0; pattern < shares.length; pattern++) {
    sum += shares[pattern]!;
    if (share < sum) return pattern;
  }
  return LOAD_PATTERNS.length - 1;
}

/** Fills in the load of every VM at the instant. */
export function readLoads(loads: Loads, atMs: number, into: Float64Array): void {
  const { pattern, amplitude, phase, zone, service, storms } = loads;
  const storm = storms?.factors(atMs);
  const rush = Float64Array.from({ length: loads.zoneCount }, (_, z) => rushAt(loads, z, atMs));
  for (let vm = 0; vm < into.length; vm++) {
    const kind = pattern[vm]!;
    into[vm] =
      kind === FLAT ? amplitude[vm]! : amplitude[vm]! * shapeAt(loads, kind, vm, phase[vm]!, rush[zone[vm]!]!, atMs);
    if (storm !== undefined) into[vm]! *= storm[service[vm]!]!;
  }
}

/** The load of one VM at one instant. */
export function loadAt(loads: Loads, vm: number, atMs: number): number {
  const kind = loads.pattern[vm]!;
  const shape =
    kind === FLAT ? 1 : shapeAt(loads, kind, vm, loads.phase[vm]!, rushAt(loads, loads.zone[vm]!, atMs), atMs);
  return loads.amplitude[vm]! * shape * (loads.storms?.factors(atMs)[loads.service[vm]!] ?? 1);
}

function shapeAt(loads: Loads, kind: number, vm: number, phase: number, rush: number, atMs: number): number {
  const business = businessAt(loads.day, daysSinceMidnight(loads.day, atMs) + phase);
  if (kind === BATCH) return 1 - ((1 - BATCH_BY_DAY_SHARE) * (business - NIGHT_SHARE)) / (1 - NIGHT_SHARE);
  return kind === BURSTY ? business * rush * burstAt(loads, vm, atMs) : business * rush;
}

const daysSinceMidnight = (day: Day, atMs: number): number => (atMs - day.midnightMs) / day.lengthMs;

function businessAt({ weekendShare }: Day, days: number): number {
  const business = businessShare(days);
  if (weekendShare === undefined) return business;
  const dayOfWeek = ((Math.floor(days) % DAYS_PER_WEEK) + DAYS_PER_WEEK) % DAYS_PER_WEEK;
  return dayOfWeek < FIRST_DAY_OFF ? business : NIGHT_SHARE + (business - NIGHT_SHARE) * weekendShare;
}

/** Business hours: a plateau by day, a real night, and a smooth dawn and dusk between them. */
function businessShare(days: number): number {
  const time = days - Math.floor(days);
  const awake = time < 0.5 ? smoothStep(time, DAWN_FROM, DAWN_TO) : 1 - smoothStep(time, DUSK_FROM, DUSK_TO);
  return NIGHT_SHARE + (1 - NIGHT_SHARE) * awake;
}

function smoothStep(value: number, from: number, to: number): number {
  const share = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

function burstAt({ seed, day }: Loads, vm: number, atMs: number): number {
  const slots = daysSinceMidnight(day, atMs) * BURST_SLOTS_PER_DAY;
  return blended(slots, (slot) => (hashedShare(seed, vm, slot) < BURST_CHANCE ? BURST_FACTOR : BETWEEN_BURSTS_FACTOR));
}

function rushAt({ seed, day }: Loads, zone: number, atMs: number): number {
  const slots = daysSinceMidnight(day, atMs) * RUSH_SLOTS_PER_DAY;
  return blended(slots, (slot) => (hashedShare(seed ^ RUSH_SALT, zone, slot) < RUSH_CHANCE ? RUSH_FACTOR : 1));
}

/** Goes straight from the value of one slot to that of the next. */
function blended(slots: number, factorIn: (slot: number) => number): number {
  const slot = Math.floor(slots);
  const before = factorIn(slot);
  return before + (factorIn(slot + 1) - before) * (slots - slot);
}

/** Makes what each VM wants of its inventory row and its load. */
export function loadsOf(vms: readonly Vm[], loads: Loads): LoadSource {
  const load = new Float64Array(vms.length);
  return {
    read(atMs: number, into: Demands) {
      readLoads(loads, atMs, load);
      for (let vm = 0; vm < load.length; vm++) scale(vms[vm]!, load[vm]!, vm, into);
    },
  };
}

/** The load that never changes: each VM wants what its inventory row says. */
export function steadyLoads(vms: readonly Vm[]): LoadSource {
  return {
    read(_atMs: number, into: Demands) {
      for (let vm = 0; vm < vms.length; vm++) scale(vms[vm]!, 1, vm, into);
    },
  };
}

/** Active memory follows the load by half: caches stay warm at night. */
export function scale(
  { demand, memoryActiveBytes, dirtyBytesPerS, liveSessions }: Vm,
  load: number,
  vm: number,
  into: Demands,
) {
  into.cpuMhz[vm] = demand.cpuMhz * load;
  into.memoryActiveBytes[vm] = memoryActiveBytes * (0.5 + 0.5 * load);
  into.netRxBytesPerS[vm] = demand.netRxBytesPerS * load;
  into.netTxBytesPerS[vm] = demand.netTxBytesPerS * load;
  into.dirtyBytesPerS[vm] = dirtyBytesPerS * load;
  into.liveSessions[vm] = Math.round(liveSessions * load);
}
