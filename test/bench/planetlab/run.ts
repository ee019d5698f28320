/**
 * The published consolidation experiment, for one day and one policy.
 * `npm run -s bench:planetlab -- --trace DAY.csv.gz --setting compatible|repaired --policy green|npa|dvfs|thr|iqr|mad|lr --rule 3.0|3.0.3 --json`
 */
import { parseArgs } from 'node:util';
import { readPlanetLab } from '../../../src/traces/planetlab.ts';
import { TraceTrouble } from '../../../src/traces/trouble.ts';
import { RULES } from './detectors.ts';
import { greenPolicies } from './green-profile.ts';
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
  const { trace, setting, policy, rule, json } = readArguments();
  const percents: Uint8Array[] = [];
  for await (const row of readPlanetLab(trace)) percents.push(row.percents);
  if (percents[0]!.length !== SAMPLES_PER_DAY) {
    throw new Wrong(
      `${trace} has ${percents[0]!.length} samples per VM, should have the ${SAMPLES_PER_DAY} of one day`,
    );
  }
  const figures =
    policy === 'green'
      ? measureGreen(percents, SETTINGS[setting], rule, await greenPolicies())
      : measure(percents, SETTINGS[setting], policy, rule);
  const line = { trace, setting, policy, rule, vms: percents.length, ...figures };
  process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${words(line)}\n`);
}

function readArguments() {
  const text = { type: 'string' as const };
  const options = { trace: text, setting: text, policy: text, rule: text, json: { type: 'boolean' as const } };
  const { values } = parseArgs({ options });
  if (values.trace === undefined) throw new Wrong('--trace FILE is missing: a day of PlanetLab, one line for each VM');
  return {
    trace: values.trace,
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
