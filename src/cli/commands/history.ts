import { changeWords } from '../../domain/change.ts';
import { GIB, SECOND } from '../../domain/units.ts';
import { spanWords } from '../../domain/words.ts';
import type { StepOutcome } from '../../ports/journal.ts';
import type { CycleDetail, CycleView, MigrationView, PastStep } from '../../serve/api.ts';
import { defineCommand } from '../command.ts';
import { asked, PAGE_OPTIONS } from '../daemon-client.ts';
import { wrong } from '../io.ts';
import { PAST_OPTIONS, withPast } from '../past.ts';
import { table } from '../table.ts';

const USUAL_LIMIT = 20;

const COLUMNS = [
  { title: 'CYCLE', align: 'right' },
  { title: 'AT' },
  { title: 'ACCEPTED', align: 'right' },
  { title: 'REFUSED', align: 'right' },
  { title: 'CASE' },
  { title: 'WHAT' },
] as const;

export const history = defineCommand({
  name: 'history',
  group: 'look',
  about: 'What was decided, planned and done, from the journal',
  more: `Without a CYCLE: the newest, newest first. With one: its decisions, its plan, its steps and how they ended.
How much is kept is up to \`history\` in the configuration. \`drover replay\` decides a cycle again that kept its case.
Where no daemon answers, the journal is read that one left in the state folder of the configuration here.`,
  operands: [{ name: 'CYCLE', about: 'Number of a cycle', optional: true }],
  options: {
    ...PAGE_OPTIONS,
    ...PAST_OPTIONS,
    before: { kind: 'number', placeholder: 'CYCLE', about: 'Only cycles before this one' },
    migrations: { kind: 'flag', about: 'What migrations were expected to take, and what they took' },
  },
  examples: [
    'drover history',
    'drover history --limit 5 --before 70',
    'drover history 70 --json | jq .steps',
    'drover history --migrations',
    'drover history --state /var/lib/drover',
  ],
  async run(call) {
    const { limit = USUAL_LIMIT, before, migrations } = call.options;
    if (!Number.isInteger(limit) || limit < 1) return wrong(`--limit is ${limit}, should be a whole number from 1`);
    const [cycle] = call.operands;
    const { answer, sentences } = await withPast(call, async (past): Promise<Shown> => {
      if (migrations) return migrationsShown(await past.migrations(limit));
      if (cycle !== undefined) return detailShown(await past.cycle(cycle));
      return cyclesShown(await past.cycles(asked({ limit, before })));
    });
    if (call.json) await call.out.printJson(answer.json);
    else await call.out.printLines(answer.lines);
    return { exitCode: 0, sentences };
  },
});

/** The same for machines and for people. */
interface Shown {
  readonly json: unknown;
  readonly lines: readonly string[];
}

const NOTHING = ['nothing is recorded'];

const cyclesShown = (cycles: readonly CycleView[]): Shown => ({
  json: cycles,
  lines: cycles.length === 0 ? NOTHING : table(COLUMNS, cycles.map(row)),
});

const detailShown = (detail: CycleDetail): Shown => ({ json: detail, lines: detailLines(detail) });

const migrationsShown = (migrations: readonly MigrationView[]): Shown => ({
  json: migrations,
  lines: migrations.length === 0 ? NOTHING : table(MIGRATION_COLUMNS, migrations.map(migrationRow)),
});

const MIGRATION_COLUMNS = [
  { title: 'AT' },
  { title: 'EXPECTED', align: 'right' },
  { title: 'TOOK', align: 'right' },
  { title: 'EXPECTED GIB', align: 'right' },
  { title: 'COPIED', align: 'right' },
  { title: 'BLACKOUT', align: 'right' },
  { title: 'WHAT' },
] as const;

function migrationRow({ atMs, vm, from, to, predicted, realised }: MigrationView): string[] {
  const gib = (bytes: number) => (bytes / GIB).toFixed(1);
  return [
    new Date(atMs).toISOString(),
    spanWords(predicted.seconds * SECOND),
    spanWords(realised.seconds * SECOND),
    gib(predicted.bytes),
    gib(realised.bytes),
    `${Math.round(realised.blackoutMs)} ms`,
    changeWords({ kind: 'move', vm, from, to }),
  ];
}

function row({ cycle, atMs, accepted, refused, hasCase, words }: CycleView): string[] {
  return [`${cycle}`, new Date(atMs).toISOString(), `${accepted}`, `${refused}`, hasCase ? 'kept' : '', words];
}

function detailLines({ cycle, atMs, hasCase, decisions, plan, planned, steps, hooks }: CycleDetail): string[] {
  const begun = new Set(steps.map(({ id }) => id));
  return [
    `cycle ${cycle} at ${new Date(atMs).toISOString()}${hasCase ? `; \`drover replay ${cycle}\` decides it again` : ''}`,
    ...section(
      'decisions',
      decisions.map(({ words, policy, because }) =>
        words.includes(because) ? words : `${words} (${policy}: ${because})`,
      ),
    ),
    ...(plan === null ? [] : [`plan ${plan.id}: ${planned.length} steps in ${spanWords(plan.makespanMs)}`]),
    ...section('steps', steps.map(stepLine)),
    ...section(
      'hooks',
      hooks.map(({ hook, vm, outcome }) => `${hook} of ${vm}: ${outcomeWords(outcome)}`),
    ),
    ...section(
      'planned and never begun',
      planned.filter(({ id }) => !begun.has(id)).map(({ id, words }) => `${id}  ${words}`),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function outcomeWords(outcome: StepOutcome | null): string {
  if (outcome === null) return 'its end is not known yet';
  return `${outcome.state}${outcome.because === '' ? '' : `: ${outcome.because}`}`;
}

function stepLine({ id, words, begunAtMs, outcome }: PastStep): string {
  if (outcome === null) return `${id}  ${words}: its end is not known yet`;
  const { state, because, atMs } = outcome;
  const took = atMs >= begunAtMs ? ` after ${spanWords(atMs - begunAtMs)}` : '';
  return `${id}  ${words}: ${state}${took}${because === '' ? '' : `: ${because}`}`;
}
