/**
 * How far decisions are from the exact optimum, on random small cases for which that can be proven in time.
 * `node test/bench/quality.ts --cases 200 --hosts 7 --seed 1 --seconds 5 --json`
 */
import { decide } from '../../src/decide/decide.ts';
import { ON } from '../../src/domain/power.ts';
import { afterwards } from '../kit/afterwards.ts';
import { many } from '../kit/fleet.ts';
import { benchArguments } from './arguments.ts';
import { Exact, type Places } from './exact.ts';
import { type SmallCase, smallCase } from './small-cases.ts';

const { json, ...given } = benchArguments({ cases: 200, hosts: 7, seed: 1, seconds: 5 });

interface Measured {
  readonly seed: number;
  readonly setting: string;
  readonly gap: number;
  readonly hostsOn: number;
  readonly leastHostsOn: number;
  readonly cpuMs: number;
}

/** Undefined where no optimum was proven in time. */
function measure({ seed, setting, input }: SmallCase): Measured | undefined {
  const exact = new Exact(input);
  const best = exact.optimum(given.seconds);
  if (best === undefined) return undefined;
  decide(input);
  const cpu = process.cpuUsage();
  const verdicts = decide(input);
  const { user, system } = process.cpuUsage(cpu);
  const { vms, hosts } = afterwards(input.snapshot, verdicts);
  const found: Places = { hostOf: Array.from(vms.host), on: Array.from(hosts.power, (power) => power === ON) };
  const least = exact.objective(best);
  return {
    seed,
    setting,
    gap: (exact.objective(found) - least) / least,
    hostsOn: found.on.filter(Boolean).length,
    leastHostsOn: best.on.filter(Boolean).length,
    cpuMs: (user + system) / 1000,
  };
}

const measured = many(given.cases, (n) => measure(smallCase(given.seed + n - 1, given.hosts))).filter(
  (each) => each !== undefined,
);
const gaps = measured.map(({ gap }) => gap).sort((a, b) => a - b);
const percent = (share: number) => Number((share * 100).toFixed(3));
const worst = measured.toSorted((a, b) => b.gap - a.gap).slice(0, 3);
const line = {
  bench: 'quality',
  ...given,
  proven: measured.length,
  sameHostsOnPercent: percent(measured.filter((each) => each.hostsOn === each.leastHostsOn).length / measured.length),
  gapMedianPercent: percent(gaps[Math.floor(gaps.length / 2)] ?? 0),
  gapWorstPercent: percent(gaps.at(-1) ?? 0),
  cpuMsWorst: Math.max(...measured.map(({ cpuMs }) => cpuMs)),
  worst: worst.map(({ seed, setting, gap, hostsOn, leastHostsOn }) => {
    return { seed, setting, gapPercent: percent(gap), hostsOn, leastHostsOn };
  }),
};
process.stdout.write(`${JSON.stringify(line, null, json ? undefined : 2)}\n`);
