import { compare as compareRuns } from '../../contest/comparison.ts';
import type { Run } from '../../contest/run.ts';
import { defineCommand } from '../command.ts';
import { baseSettings, CONTENDER_HELP, contendersFrom } from '../contenders.ts';
import { DONE, isEnding, wrong } from '../io.ts';
import { kpiLines } from '../kpi-lines.ts';
import { placeForPage, writePage } from '../page-file.ts';
import { runAll } from '../run-all.ts';
import {
  DEFAULT_SEED,
  isSameUnderEverySeed,
  SCENARIO_OPTIONS,
  SERVERS_HELP,
  scenarioFrom,
  scenarioInShort,
  scenarioWords,
} from '../scenario-input.ts';

const DEFAULT_SEEDS = 5;

const options = {
  ...SCENARIO_OPTIONS,
  seed: { kind: 'number', placeholder: 'N', about: `The first seed; otherwise ${DEFAULT_SEED}` },
  seeds: { kind: 'number', placeholder: 'N', about: `How many, one after the other; otherwise ${DEFAULT_SEEDS}` },
  config: { kind: 'text', placeholder: 'FILE', about: 'Configuration to go by; otherwise what is usual' },
  html: { kind: 'text', placeholder: 'FILE', about: 'Write a page with plots, which needs nothing but a browser' },
} as const;

export const compare = defineCommand({
  name: 'compare',
  group: 'try',
  about: 'Let profiles, options or policies live through the same days',
  more: `Each contender lives through the same datacenters under the same loads, one for each seed, on all processors.
Differences are from the first contender. What was recorded with its hosts is lived through once, because it is
the same under every seed. The same command prints the same figures, byte for byte.

${CONTENDER_HELP}

${SERVERS_HELP}`,
  operands: [{ name: 'CONTENDER', about: 'Two or more, the first of which the others are held against', many: true }],
  options,
  examples: [
    'drover compare nothing usual',
    'drover compare usual green:weight=0 profile:margin=3 --seeds 10 --html page.html',
    'drover compare usual ./mine --case case.json --json',
  ],
  async run({ operands, options: given, io, json, out }) {
    const { seed = DEFAULT_SEED } = given;
    if (!Number.isInteger(seed)) return wrong(`--seed is ${seed}, should be a whole number`);
    if (given.seeds !== undefined && (!Number.isInteger(given.seeds) || given.seeds < 1)) {
      return wrong(`--seeds is ${given.seeds}, should be a whole number from 1`);
    }
    if (operands.length < 2) return wrong('drover compare needs two contenders or more: drover compare nothing usual');
    const input = await scenarioFrom(given, io);
    if (isEnding(input)) return input;
    const file = await placeForPage(given.html, io);
    if (typeof file === 'object') return file;
    const base = await baseSettings(given.config, input.stated, io);
    if (isEnding(base)) return base;
    const contenders = await contendersFrom(operands, base, io);
    if (isEnding(contenders)) return contenders;
    const { scenario } = input;
    if (isSameUnderEverySeed(scenario) && (given.seeds ?? 1) > 1) {
      return wrong('--seeds says nothing here: what was recorded is the same under every seed');
    }
    const seeds = isSameUnderEverySeed(scenario) ? 1 : (given.seeds ?? DEFAULT_SEEDS);
    const eachSeed = Array.from({ length: seeds }, (_, index) => seed + index);
    const jobs = eachSeed.flatMap((each) => contenders.map((contender) => ({ contender, scenario, seed: each })));
    const runs = await runAll(jobs, io);
    if (isEnding(runs)) return runs;
    const { currency } = base.prices;
    const trouble = await writePage({ file, runs, scenario, currency });
    if (trouble !== undefined) return trouble;
    if (json)
      await out.printJson({
        scenario: scenarioInShort(scenario),
        compared: compareRuns(runs),
        runs: runs.map(withoutSeries),
      });
    else await out.printLines([...scenarioWords(scenario), '', ...kpiLines(runs, currency)]);
    return DONE;
  },
});

const withoutSeries = ({ series: _, ...run }: Run) => run;
