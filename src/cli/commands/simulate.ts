import { defineCommand } from '../command.ts';
import { baseSettings, CONTENDER_HELP, contenderFrom } from '../contenders.ts';
import { DONE, isEnding, wrong } from '../io.ts';
import { kpiLines } from '../kpi-lines.ts';
import { placeForPage, writePage } from '../page-file.ts';
import { runAll } from '../run-all.ts';
import { DEFAULT_SEED, SCENARIO_OPTIONS, SERVERS_HELP, scenarioFrom, scenarioWords } from '../scenario-input.ts';

const options = {
  ...SCENARIO_OPTIONS,
  seed: { kind: 'number', placeholder: 'N', about: `The same number makes the same run; otherwise ${DEFAULT_SEED}` },
  profile: { kind: 'text', placeholder: 'CONTENDER', about: 'What decides, as below; otherwise usual' },
  config: { kind: 'text', placeholder: 'FILE', about: 'Configuration to go by; otherwise what is usual' },
  html: { kind: 'text', placeholder: 'FILE', about: 'Write a page with plots, which needs nothing but a browser' },
} as const;

export const simulate = defineCommand({
  name: 'simulate',
  group: 'try',
  about: 'Live through a day on virtual time, with the code that runs in production',
  more: `Hosts may be switched and everything is done that is decided, whatever the mode of the configuration.
The same command prints the same figures, byte for byte.

${CONTENDER_HELP}

${SERVERS_HELP}`,
  operands: [],
  options,
  examples: [
    'drover simulate',
    'drover simulate --hosts 40 --vms 300 --pattern weekly --hours 168',
    'drover simulate --case case.json --profile green:weight=2 --html day.html',
    'drover simulate --hosts 100 --vms 200 --servers hp-ml110-g4,hp-ml110-g5 --json',
  ],
  async run({ options: given, io, json, out }) {
    const seed = given.seed ?? DEFAULT_SEED;
    if (!Number.isInteger(seed)) return wrong(`--seed is ${seed}, should be a whole number`);
    const input = await scenarioFrom(given, io);
    if (isEnding(input)) return input;
    const file = await placeForPage(given.html, io);
    if (typeof file === 'object') return file;
    const base = await baseSettings(given.config, input.stated, io);
    if (isEnding(base)) return base;
    const contender = await contenderFrom(given.profile ?? 'usual', base, io);
    if (isEnding(contender)) return contender;
    const runs = await runAll([{ contender, scenario: input.scenario, seed }], io);
    if (isEnding(runs)) return runs;
    const { currency } = base.prices;
    const { scenario } = input;
    const trouble = await writePage({ file, runs, scenario, currency });
    if (trouble !== undefined) return trouble;
    if (json) await out.printJson(runs[0]);
    else await out.printLines([...scenarioWords(scenario), '', ...kpiLines(runs, currency)]);
    return DONE;
  },
});
