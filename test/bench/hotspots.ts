/**
 * Made-up fleets with hot spots, storms of visitors and chatty services: what load-balance and network-aware make of them,
 * against doing nothing and against the best balancers that look at one metric only (`single-metric/`). Nobody switches
 * hosts here. `npm run -s bench:hotspots -- --hosts 48 --vms 400 --seeds 3`; `--json` for the figures.
 */
import { fileURLToPath } from 'node:url';
import { kpiLines } from '../../src/cli/kpi-lines.ts';
import { compare } from '../../src/contest/comparison.ts';
import type { Run } from '../../src/contest/run.ts';
import type { Profile } from '../../src/domain/profile.ts';
import { GENERATE_DEFAULTS } from '../../src/simulator/generate.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import { withFreeHands } from '../../src/wiring/virtual/free-hands.ts';
import { runJobs } from '../../src/wiring/virtual/threads.ts';
import { benchArguments } from './arguments.ts';

const { hosts, vms, hours, seeds, json } = benchArguments({ hosts: 48, vms: 400, hours: 24, seeds: 3 });
const SHOWN = [
  'starvedCoreHours',
  'starvedVmTimeShare',
  'gbAcrossRacks',
  'costTraffic',
  'migrations',
  'sessionsMoved',
  'cost',
];

const scenario: Scenario = {
  datacenter: {
    kind: 'generated',
    options: { ...GENERATE_DEFAULTS, hosts, vms, racks: 8, skew: 0.25, load: 0.6, traffic: 3 },
  },
  pattern: 'storms',
  hours,
  stepSeconds: 300,
  rackUplinkBytesPerS: 0,
  bootFailureShare: 0,
};

const policyFolders = [fileURLToPath(new URL('./single-metric', import.meta.url))];
const base = { ...withFreeHands(), power: false, policyFolders };
const SINGLE = ['spread', 'threshold'];

/** What is not named is not at work. */
function withPolicies(name: string, ...ids: readonly string[]) {
  const silent = SINGLE.map((id) => [id, { weight: 0, options: {} }]);
  const atWork = ids.map((id) => [id, { weight: 1, options: {} }]);
  const policies: Profile['policies'] = Object.fromEntries([...silent, ...atWork]);
  return { name, settings: { ...base, profile: { ...base.profile, policies } } };
}

const nothing = withPolicies('nothing', 'load-balance');
const contenders = [
  { ...nothing, settings: { ...nothing.settings, mode: 'recommend' as const } },
  withPolicies('spread', 'spread'),
  withPolicies('threshold', 'threshold'),
  withPolicies('load-balance', 'load-balance'),
  withPolicies('network-aware', 'network-aware'),
  withPolicies('both', 'load-balance', 'network-aware'),
];
const eachSeed = Array.from({ length: seeds }, (_, index) => 1 + index);
const jobs = eachSeed.flatMap((seed) => contenders.map((contender) => ({ contender, scenario, seed })));
const runs: Run[] = [];
for (const end of await runJobs(jobs, () => {})) {
  if ('because' in end) throw new Error(end.because);
  runs.push(end);
}
const told = json ? JSON.stringify(compare(runs)) : kpiLines(runs, base.prices.currency, SHOWN).join('\n');
process.stdout.write(`${told}\n`);
