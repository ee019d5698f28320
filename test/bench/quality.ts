/**
 * How far decisions are from the exact optimum, on random small cases that a solver can prove.
 * `node test/bench/quality.ts --cases 200 --seed 1 --hosts 10 --seconds 20 --json`; `--clairvoyant 0` leaves the second part out.
 * `incremental` changes a few loads afterwards and holds the moves of the next cycle against those of a clairvoyant.
 */
import { decide } from '../../src/decide/decide.ts';
import type { Verdicts } from '../../src/domain/decision.ts';
import { OFF, ON } from '../../src/domain/power.ts';
import { CPU } from '../../src/domain/resources.ts';
import { type Snapshot, succeed } from '../../src/domain/snapshot.ts';
import { seededRandom, wholeBelow } from '../../src/simulator/random.ts';
import { many } from '../kit/fleet.ts';
import { benchArguments } from './arguments.ts';
import { Exact } from './exact.ts';
import { type Places, placesAfter } from './objective.ts';
import { SETTINGS, type SmallCase, smallCase } from './small-cases.ts';

const { json, ...given } = benchArguments({
  cases: 200,
  seed: 1,
  hosts: 10,
  seconds: 20,
  warmup: 60,
  again: 5,
  clairvoyant: 1,
});

const seeds = many(given.cases, (n) => given.seed + n - 1);
// A daemon decides every minute: what counts is code that has been compiled.
for (const n of many(given.warmup, (n) => n)) decide(smallCase(given.seed + given.cases + n, given.hosts).input);
const cases = seeds.map((seed) => smallCase(seed, given.hosts));
const rows = cases.map(measured).filter((row) => row !== undefined);
const increments = given.clairvoyant === 0 ? [] : cases.flatMap((each) => incremental(each) ?? []);

const line = {
  bench: 'quality',
  ...given,
  ...summaryOf(rows),
  worst: rows
    .toSorted((a, b) => b.gap - a.gap)
    .slice(0, 3)
    .map(({ seed, setting, gap, on, leastOn }) => ({ seed, setting, gapPercent: rounded(100 * gap), on, leastOn })),
  bySetting: Object.fromEntries(
    SETTINGS.map((setting) => [setting, summaryOf(rows.filter((row) => row.setting === setting))]),
  ),
  otherHostsOn: rows.filter(({ on, leastOn }) => on !== leastOn).map(({ seed }) => seed),
  incremental: {
    proven: increments.length,
    casesWithMoves: increments.filter(({ moves }) => moves > 0).length,
    moves: total(increments.map(({ moves }) => moves)),
    fewestMoves: total(increments.map(({ fewest }) => fewest)),
    moreThanAFifthMore: increments.filter(({ moves, fewest }) => moves > 1.2 * fewest).map(({ seed }) => seed),
  },
};
process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);

function measured({ seed, setting, input }: SmallCase) {
  const exact = new Exact(input);
  const best = exact.optimum(given.seconds);
  if (best === undefined) return undefined;
  const { ms, verdicts } = timed(input);
  const after = placesAfter(input.snapshot, verdicts);
  const running = exact.running(after);
  if (Math.abs(running - verdicts.efficacy.costAfterPerHour) > 1e-6) {
    throw new Error(`seed ${seed}: the engine says ${verdicts.efficacy.costAfterPerHour}, the case says ${running}`);
  }
  const gap = exact.objective(after) / exact.objective(best) - 1;
  if (gap < -1e-4) throw new Error(`seed ${seed}: the solver's optimum is dearer than what was decided`);
  const { on, moved } = countOf(input.snapshot, after);
  const { on: leastOn, moved: bestMoved } = countOf(input.snapshot, best);
  return { seed, setting, gap, on, leastOn, moved, bestMoved, ms };
}

/** CPU time of the quickest of several, so that what else the machine does is not measured. */
function timed(input: SmallCase['input']): { ms: number; verdicts: Verdicts } {
  const runs = many(given.again, () => {
    const started = process.cpuUsage();
    const verdicts = decide(input);
    const { user, system } = process.cpuUsage(started);
    return { ms: (user + system) / 1000, verdicts };
  });
  return runs.reduce((quickest, run) => (run.ms < quickest.ms ? run : quickest));
}

function countOf({ vms }: Snapshot, { hostOf, on }: Places): { on: number; moved: number } {
  return { on: on.filter(Boolean).length, moved: hostOf.filter((host, vm) => host !== vms.host[vm]).length };
}

/**
 * After the first cycle a few loads change; what the second does. The clairvoyant knows of all places that cost no more
 * than what came of it, running for the horizon and one-off costs with their margin, and picks those with fewest moves.
 */
function incremental({ seed, input }: SmallCase) {
  const left = placesAfter(input.snapshot, decide(input));
  const snapshot = changedSlightly(input.snapshot, left, seed);
  const next = { ...input, snapshot };
  const after = placesAfter(snapshot, decide(next));
  const { moved: moves } = countOf(snapshot, after);
  // Nobody needs fewer than none.
  if (moves === 0) return { seed, moves, fewest: 0 };
  const exact = new Exact(next);
  const fewest = exact.fewestMoves(exact.objective(after), given.seconds);
  return fewest && { seed, moves, fewest: countOf(snapshot, fewest).moved };
}

/** One VM in a hundred, and at least one, wants between a quarter of what it wanted and four times as much. */
function changedSlightly(before: Snapshot, { hostOf, on }: Places, seed: number): Snapshot {
  const random = seededRandom(seed + 1_000_000);
  const { hosts, vms } = before;
  const most = Math.min(...Array.from(hosts.capacity[CPU]!)) / 2;
  const cpu = Float64Array.from(vms.ids, (_, vm) => vms.demand[CPU]![vm]!);
  for (let n = 0; n < cpu.length / 100; n++) {
    const vm = wholeBelow(random, cpu.length);
    cpu[vm] = Math.min(most, cpu[vm]! * 4 ** (2 * random.next() - 1));
  }
  const demand = vms.demand.map((column, r) => (r === CPU ? cpu : column));
  return succeed(before, {
    atMs: before.atMs,
    hosts: { power: Uint8Array.from(on, (isOn) => (isOn ? ON : OFF)) },
    vms: { demand, host: Int32Array.from(hostOf), cpuPeakMhz: cpu, cpuLowMhz: cpu, cpuSoonMhz: cpu, cpuLaterMhz: cpu },
  });
}

function summaryOf(some: typeof rows) {
  const gaps = some.map(({ gap }) => gap).sort((a, b) => a - b);
  const times = some.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (sorted: readonly number[], share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    proven: some.length,
    sameHostsOnPercent: rounded((100 * some.filter(({ on, leastOn }) => on === leastOn).length) / some.length),
    gapMedianPercent: rounded(100 * at(gaps, 0.5)),
    gapWorstPercent: rounded(100 * at(gaps, 1)),
    moves: total(some.map(({ moved }) => moved)),
    optimalMoves: total(some.map(({ bestMoved }) => bestMoved)),
    cpuMsMedian: rounded(at(times, 0.5)),
    cpuMsP99: rounded(at(times, 0.99)),
    cpuMsWorst: rounded(at(times, 1)),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
