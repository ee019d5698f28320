/**
 * The published consolidation experiment, for one day and one policy.
 * `npm run -s bench:planetlab -- --trace DAY.csv.gz --setting compatible|repaired --policy green|npa|dvfs|thr|iqr|mad|lr --rule 3.0|3.0.3 --json`
 * With `--resample SEED`, a day made up of the VMs of those given; `--trace` may then stand several times.
 */
import { parseArgs } from 'node:util';
import { readPlanetLab } from '../../../src/traces/planetlab.ts';
import { TraceTrouble } from '../../../src/traces/trouble.ts';
import { RULES } from './detectors.ts';
import { greenPolicies } from './green-profile.ts';
import { madeUpDay } from './made-up-day.ts';
import { measure, measureGreen, POLICIES } from './measure.ts';
import { SAMPLES_PER_DAY } from './model.ts';
import { SETTINGS } from './settings.ts';

class Wrong extends Error {}

try {
  await main();
} catch (thrown) {
  if (!(thrown instanceof Wrong || thrown instanceof TraceTrouble)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { traces, setting, policy, rule, resample, json } = readArguments();
  const days = await Promise.all(traces.map(dayIn));
  const percents = resample === undefined ? days[0]! : madeUpDay(days, resample);
  const figures =
    policy === 'green'
      ? measureGreen(percents, SETTINGS[setting], rule, await greenPolicies())
      : measure(percents, SETTINGS[setting], policy, rule);
  const line = {
    trace: traces.join(' '),
    ...(resample !== undefined && { resample }),
    setting,
    policy,
    rule,
    vms: percents.length,
    ...figures,
  };
  process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${words(line)}\n`);
}

async function dayIn(trace: string): Promise<Uint8Array[]> {
  const percents: Uint8Array[] = [];
  for await (const row of readPlanetLab(trace)) percents.push(row.percents);
  const { length } = percents[0]!;
  if (length === SAMPLES_PER_DAY) return percents;
  throw new Wrong(`${trace} has ${length} samples per VM, should have the ${SAMPLES_PER_DAY} of one day`);
}

function readArguments() {
  const text = { type: 'string' as const };
  const several = { ...text, multiple: true as const };
  const json = { type: 'boolean' as const };
  const { values } = parseArgs({
    options: { trace: several, setting: text, policy: text, rule: text, resample: text, json },
  });
  const { trace: traces = [], resample } = values;
  if (traces.length === 0) throw new Wrong('--trace FILE is missing: a day of PlanetLab, one line for each VM');
  if (traces.length > 1 && resample === undefined)
    throw new Wrong('one --trace is a day; several are for --resample SEED');
  if (resample !== undefined && !/^\d+$/.test(resample)) {
    throw new Wrong(`--resample is "${resample}", should be a seed, a whole number`);
  }
  return {
    traces,
    resample: resample === undefined ? undefined : Number(resample),
    setting: oneOf('setting', values.setting ?? 'compatible', Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]),
    policy: oneOf('policy', values.policy ?? 'lr', POLICIES),
    rule: oneOf('rule', values.rule ?? '3.0', RULES),
    json: values.json === true,
  };
}

function oneOf<const V extends string>(name: string, given: string, known: readonly V[]): V {
  const found = known.find((value) => value === given);
  if (found === undefined) throw new Wrong(`--${name} is "${given}", should be one of ${known.join(', ')}`);
  return found;
}

function words(line: Readonly<Record<string, string | number>>): string {
  const widest = Math.max(...Object.keys(line).map((name) => name.length));
  return Object.entries(line)
    .map(([name, value]) => `${name.padEnd(widest)}  ${value}`)
    .join('\n');
}
