/**
 * How good plans are, how long planning takes, how well they survive reality, and what carrying them out costs.
 * `npm run -s bench -- plan`, or for arguments of its own:
 * `npx -c "node test/bench/plan.ts --seeds 40 --first 1 --hosts 1000 --moves 10000 --concurrent 1000 --json"`
 */
import { Executor } from '../../src/act/executor.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GIB, HOUR, SECOND } from '../../src/domain/units.ts';
import { fastestOrder } from '../../src/plan/fastest-order.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { FakeDriver } from '../act/fake-driver.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';
import { MemoryJournal } from '../kit/memory-journal.ts';
import { complaintsAbout, type PlanUnderTest } from '../kit/plan-checker.ts';
import { eachAccepted, move, theVerdicts } from '../kit/verdicts.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { chance, planned, randomPlan, randomWork, type Wishes } from '../plan/random-plans.ts';
import { benchArguments } from './arguments.ts';
import { coupledBoundMs, directBoundMs, puzzleOf } from './direct-bound.ts';

const { json, ...given } = benchArguments({ seeds: 40, first: 1, hosts: 1_000, moves: 10_000, concurrent: 1_000 });

const PLAIN = { withRules: false, withPower: false, inGroups: false, onePhase: true };
const ROOMY = { ...PLAIN, spareGib: 10_000 };
const TIGHT = { ...PLAIN, spareGib: 16, isSpareDrawn: true, ringShare: 0.05 };
/** With fewer moves per host the longest chain is what counts, and the bound knows of no chains. */
const FEW_PER_HOST = 6;

/** Where bounds see too little and a plan is small, its fastest order can be found: at so many looks for each. */
const FEW_MOVES = 40;
const MOST_LOOKS = 300_000;

const report = {
  ...given,
  speed: speed(),
  roomy: quality(ROOMY),
  roomyInPhases: quality({ ...ROOMY, onePhase: false }),
  tight: quality(TIGHT),
  tightInPhases: quality({ ...TIGHT, onePhase: false }),
  online: await online(),
  overhead: await overhead(),
};
process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);

/** Wall time, and processor time for where the machine is shared. */
function speed() {
  const { inventory, decisions } = randomWork({ ...ROOMY, hosts: given.hosts, moves: given.moves }, given.first);
  const snapshot = toSnapshot(inventory);
  const verdicts = theVerdicts(decisions);
  const runs = many(7, () => {
    const before = process.cpuUsage();
    const startedAt = performance.now();
    makePlan({ snapshot, verdicts, limits: DEFAULT_LIMITS, atMs: NOON_MS });
    const wallMs = performance.now() - startedAt;
    const { user, system } = process.cpuUsage(before);
    return { wallMs: Math.round(wallMs), cpuMs: Math.round((user + system) / 1000) };
  });
  const middle = (key: 'wallMs' | 'cpuMs') => runs.map((run) => run[key]).sort((a, b) => a - b)[3];
  return { firstWallMs: runs[0]!.wallMs, wallMs: middle('wallMs'), cpuMs: middle('cpuMs') };
}

/** Hosts 4 to 256 and moves 10 to 5,000, as many small ones as large; each plan is looked at by the second judge. */
function quality(wishes: Omit<Wishes, 'hosts' | 'moves'>) {
  const rows = many(given.seeds, (n) => {
    const seed = given.first + n - 1;
    const below = chance(seed);
    const between = (least: number, most: number) => Math.round(least * (most / least) ** (below(10_000) / 10_000));
    const hosts = between(4, 256);
    const moves = between(10, 5_000);
    const test = randomPlan({ ...wishes, hosts, moves }, seed);
    const { makespanMs } = test.plan;
    return {
      seed,
      hosts,
      moves,
      ratio: makespanMs / Math.max(1, directBoundMs(test)),
      coupledRatio: makespanMs / Math.max(1, coupledBoundMs(test)),
      complaints: complaintsAbout(test).length,
      impossible: test.plan.impossible.length,
      ...(moves <= FEW_MOVES && makespanMs > 1.1 * coupledBoundMs(test) && { fastest: overFastest(test) }),
    };
  });
  const dense = rows.filter(({ hosts, moves }) => moves >= FEW_PER_HOST * hosts);
  const sum = (key: 'complaints' | 'impossible') => rows.reduce((total, row) => total + row[key], 0);
  return {
    all: spread(rows),
    dense: spread(dense),
    /** Over what no order could beat, waiting for room included. */
    coupled: spread(rows.map(({ coupledRatio }) => ({ ratio: coupledRatio }))),
    complaints: sum('complaints'),
    impossible: sum('impossible'),
    worst: rows.toSorted((a, b) => b.coupledRatio - a.coupledRatio).slice(0, 3),
  };
}

/** How much longer than the fastest order the plan takes, for more and more stop-overs. */
function overFastest(test: PlanUnderTest) {
  const { makespanMs } = test.plan;
  return [0, 1, 2].map((stopOvers) => {
    const { ms, isProved } = fastestOrder(puzzleOf(test), { withinMs: makespanMs, stopOvers, looks: MOST_LOOKS });
    return { stopOvers, ratio: Number((makespanMs / ms).toFixed(4)), isProved };
  });
}

function spread(rows: readonly { readonly ratio: number }[]) {
  const ratios = rows.map(({ ratio }) => ratio).sort((a, b) => a - b);
  const at = (share: number) =>
    Number((ratios[Math.min(ratios.length - 1, Math.floor(share * ratios.length))] ?? 1).toFixed(4));
  return { plans: ratios.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** Each migration really takes half to one and a half of what is expected; clairvoyant is who knew it beforehand. */
async function online() {
  const ratios: number[] = [];
  for (let n = 0; n < Math.min(12, given.seeds); n++) ratios.push(await onlineRatio(given.first + n));
  return spread(ratios.map((ratio) => ({ ratio })));
}

async function onlineRatio(seed: number): Promise<number> {
  const below = chance(seed);
  const hosts = 8 + below(24);
  const work = randomWork({ ...ROOMY, hosts, moves: 10 * hosts }, seed);
  const expected = planned(work.inventory, work.decisions, DEFAULT_LIMITS).plan;
  const seconds = new Map<string, number>();
  for (const { change, startsAtMs, endsAtMs } of expected.steps) {
    if (change.kind !== 'move') continue;
    seconds.set(change.vm, Math.max(2, Math.round(((endsAtMs - startsAtMs) / SECOND) * (0.5 + below(1_001) / 1_000))));
  }
  const tookMs = await carriedOut(work, expected, seconds);
  return tookMs / clairvoyantMs(work, seconds);
}

/** Plans the same moves with guests of such a size that each takes what it will really take. */
function clairvoyantMs(
  { inventory, decisions }: Pick<PlanUnderTest, 'inventory' | 'decisions'>,
  seconds: Map<string, number>,
) {
  const hosts = inventory.hosts.map((host) => ({
    ...host,
    migrationBytesPerS: GIB,
    capacity: { ...host.capacity, memoryBytes: 2 ** 50 },
  }));
  const vms = inventory.vms.map((vm) => {
    const memoryBytes = Math.max(0, (seconds.get(vm.id) ?? 2) - 1) * GIB;
    return { ...vm, demand: { ...vm.demand, memoryBytes }, memoryActiveBytes: memoryBytes, dirtyBytesPerS: 0 };
  });
  return planned({ ...inventory, hosts, vms }, decisions, DEFAULT_LIMITS).plan.makespanMs;
}

async function carriedOut({ inventory }: Pick<PlanUnderTest, 'inventory'>, plan: Plan, seconds: Map<string, number>) {
  const { clock, driver, executor } = stage(inventory, DEFAULT_LIMITS);
  for (const [vm, s] of seconds) driver.secondsOf.set(vm, s);
  executor.adopt(plan, toSnapshot(inventory));
  await clock.advance(24 * HOUR);
  if (driver.wrongs.length > 0) throw new Error(driver.wrongs[0]);
  return driver.lastEndMs - NOON_MS;
}

function stage(inventory: PlanUnderTest['inventory'], limits: typeof DEFAULT_LIMITS) {
  const clock = new VirtualClock(NOON_MS);
  const driver = new FakeDriver(clock, inventory);
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const executor = new Executor({ driver, journal: new MemoryJournal(), clock, limits, log });
  return { clock, driver, executor };
}

/** Time that the executor itself takes per step, with all of them under way at once: that of a driver alone is taken off. */
async function overhead() {
  const count = given.concurrent;
  const inventory = anInventory({
    hosts: many(2 * count, (n) => aHost({ id: `h${n}` })),
    vms: many(count, (n) => aVm({ id: `vm${n}`, host: `h${n}` })),
  });
  const moves = many(count, (n) => move(`vm${n}`, `h${n}`, `h${count + n}`));
  const snapshot = toSnapshot(inventory);
  const verdicts = theVerdicts(eachAccepted(moves));
  const plan = makePlan({ snapshot, verdicts, limits: DEFAULT_LIMITS, atMs: NOON_MS });
  const whole = stage(inventory, DEFAULT_LIMITS);
  const wholeMs = await cpuMs(async () => {
    whole.executor.adopt(plan, snapshot);
    await whole.clock.advance(60 * SECOND);
  });
  if (whole.executor.steps.some(({ state }) => state !== 'done')) throw new Error('not all steps were done');
  const bare = stage(inventory, DEFAULT_LIMITS);
  const bareMs = await cpuMs(async () => {
    for (const { vm, from, to } of moves) bare.driver.migrate({ id: vm, vm, from, to, how: 'live' }, () => {});
    await bare.clock.advance(60 * SECOND);
  });
  return {
    steps: count,
    wholeMs: Math.round(wholeMs),
    driverMs: Math.round(bareMs),
    msPerStep: Number(((wholeMs - bareMs) / count).toFixed(3)),
  };
}

async function cpuMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
