/**
 * How long a simulated day takes, and how much memory: `npm run -s bench:simulate -- --hosts 800 --vms 1000 --hours 24`.
 * Prints one line of JSON. Times are those of one core; `cpuSecondsPerDay` is extrapolated where `hours` is not 24, as if
 * all hours were like those measured.
 */
import { GENERATE_DEFAULTS } from '../../src/simulator/generate.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import { withFreeHands } from '../../src/wiring/virtual/free-hands.ts';
import { runContender } from '../../src/wiring/virtual/run-contender.ts';
import { benchArguments } from './arguments.ts';

const HOURS_PER_DAY = 24;

const { hosts, vms, hours, seed } = benchArguments({ hosts: 800, vms: 1000, hours: HOURS_PER_DAY, seed: 7 });
const scenario: Scenario = {
  datacenter: { kind: 'generated', options: { ...GENERATE_DEFAULTS, hosts, vms, racks: Math.ceil(hosts / 40) } },
  pattern: 'mixed',
  hours,
  stepSeconds: 300,
  rackUplinkBytesPerS: 0,
  bootFailureShare: 0,
};

const before = process.cpuUsage();
const run = await runContender({ contender: { name: 'usual', settings: withFreeHands() }, scenario, seed }, () => {});
if ('because' in run) throw new Error(run.because);
const { user, system } = process.cpuUsage(before);
const cpuSeconds = (user + system) / 1e6;
const rounded = (value: number) => Number(value.toFixed(1));
process.stdout.write(
  `${JSON.stringify({
    hosts,
    vms,
    hours,
    cycles: run.loop.cycles,
    cpuSeconds: rounded(cpuSeconds),
    cpuSecondsPerDay: rounded((cpuSeconds / hours) * HOURS_PER_DAY),
    peakMemoryMb: rounded(process.resourceUsage().maxRSS / 1000),
    migrations: run.kpis.migrations,
    energyKwh: rounded(run.kpis.energyKwh),
  })}\n`,
);
