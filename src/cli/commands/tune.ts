import { didYouMean } from '../../config/closest.ts';
import type { Settings } from '../../config/settings.ts';
import { type Knob, knobName, knobsOf } from '../../contest/knobs.ts';
import { loadPolicies } from '../../loading/load-policies.ts';
import { defineCommand } from '../command.ts';
import { baseSettings, contenderFrom } from '../contenders.ts';
import { DONE, type Ending, isEnding, wrong } from '../io.ts';
import { runAll } from '../run-all.ts';
import { DEFAULT_SEED, SCENARIO_OPTIONS, SERVERS_HELP, scenarioFrom } from '../scenario-input.ts';
import { table } from '../table.ts';
import { tune as search, type Tuned } from '../tuning.ts';

const DEFAULT_CANDIDATES = 16;
const DEFAULT_SEEDS = 4;

const options = {
  ...SCENARIO_OPTIONS,
  over: {
    kind: 'text',
    placeholder: 'LIST',
    about: 'What may be turned, such as profile:margin,load-balance',
  },
  candidates: { kind: 'number', placeholder: 'N', about: `How many to begin with; otherwise ${DEFAULT_CANDIDATES}` },
  seed: { kind: 'number', placeholder: 'N', about: `The first seed; otherwise ${DEFAULT_SEED}` },
  seeds: { kind: 'number', placeholder: 'N', about: `Seeds to search on; otherwise ${DEFAULT_SEEDS}` },
  'held-out': { kind: 'number', placeholder: 'N', about: `Seeds to judge by in the end; otherwise ${DEFAULT_SEEDS}` },
  config: { kind: 'text', placeholder: 'FILE', about: 'Configuration to go by; otherwise what is usual' },
} as const;

export const tune = defineCommand({
  name: 'tune',
  group: 'try',
  about: 'Search for better options of a profile, and print what can be had for what',
  more: `Candidates differ from the usual profile in options drawn at random. Half of them, or more where more are on
the front, go on from each round to the next, where they live through twice as many seeds; the finalists are judged on
seeds that nobody has looked at before. Printed is who is on the front of energy, starvation and migrations: nobody is
as good in all three and better in one. The words of a candidate can be given to \`drover compare\` as they are.

${SERVERS_HELP}`,
  operands: [],
  options,
  examples: [
    'drover tune',
    'drover tune --over profile:margin,profile:horizonMinutes,load-balance --candidates 32 --seeds 8',
    'drover tune --case case.json --hours 48 --json',
  ],
  async run({ options: given, io, json, out }) {
    const { seed = DEFAULT_SEED, seeds = DEFAULT_SEEDS, candidates = DEFAULT_CANDIDATES } = given;
    const heldOut = given['held-out'] ?? DEFAULT_SEEDS;
    if (!Number.isInteger(seed)) return wrong(`--seed is ${seed}, should be a whole number`);
    for (const [name, count, least] of [
      ['candidates', candidates, 2],
      ['seeds', seeds, 1],
      ['held-out', heldOut, 1],
    ] as const)
      if (!Number.isInteger(count) || count < least)
        return wrong(`--${name} is ${count}, should be a whole number from ${least}`);
    const input = await scenarioFrom(given, io);
    if (isEnding(input)) return input;
    const base = await baseSettings(given.config, input.stated, io);
    if (isEnding(base)) return base;
    const knobs = await knobsFrom(given.over, base);
    if (isEnding(knobs)) return knobs;
    const tuned = await search({
      scenario: input.scenario,
      knobs,
      candidates,
      fitSeeds: Array.from({ length: seeds }, (_, index) => seed + index),
      heldOutSeeds: Array.from({ length: heldOut }, (_, index) => seed + seeds + index),
      contenderFrom: (words) => contenderFrom(words, base, io),
      runAll: (jobs, what) => runAll(jobs, io, what),
    });
    if (isEnding(tuned)) return tuned;
    if (json) await out.printJson(tuned);
    else {
      const first = seed + seeds;
      const about = `On ${heldOut} seeds from ${first} on, at which nobody had looked before:`;
      await out.printLines([about, '', ...linesOf(tuned, base.prices.currency)]);
    }
    return DONE;
  },
});

async function knobsFrom(list: string | undefined, { profile, policyFolders }: Settings): Promise<Knob[] | Ending> {
  const { policies } = await loadPolicies({ folders: policyFolders });
  const knobs = knobsOf(profile, (id) => policies.find(({ policy }) => policy.id === id)?.policy.options ?? {});
  if (list === undefined) return knobs;
  const known = [...new Set(knobs.flatMap((knob) => [knob.section, knobName(knob)]))];
  const wanted = list.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) return wrong(`--over: nothing is called "${unknown}"${didYouMean(unknown, known)}`);
  return knobs.filter((knob) => wanted.includes(knob.section) || wanted.includes(knobName(knob)));
}

function linesOf(tuned: readonly Tuned[], currency: string): string[] {
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    { title: '' },
    right('kWh'),
    right('starved core-h'),
    right('migrations'),
    right(currency),
    right(`${currency} when fitted`),
    { title: 'candidate' },
  ];
  const rows = tuned.map(({ words, fit, heldOut, isOnFront }) => [
    isOnFront ? 'front' : '',
    heldOut.energyKwh.toFixed(2),
    heldOut.starvedCoreHours.toFixed(3),
    heldOut.migrations.toFixed(1),
    heldOut.cost.toFixed(2),
    fit.cost.toFixed(2),
    words,
  ]);
  return table(columns, rows);
}
