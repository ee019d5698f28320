import { spanWords } from '../../domain/words.ts';
import type { CycleDetail, CycleView, PastStep } from '../../serve/api.ts';
import { defineCommand } from '../command.ts';
import { asked, clientOf, PAGE_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';
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
How much is kept is up to \`history\` in the configuration. \`drover replay\` decides a cycle again that kept its case.`,
  operands: [{ name: 'CYCLE', about: 'Number of a cycle', optional: true }],
  options: {
    ...PAGE_OPTIONS,
    before: { kind: 'number', placeholder: 'CYCLE', about: 'Only cycles before this one' },
  },
  examples: ['drover history', 'drover history --limit 5 --before 70', 'drover history 70 --json | jq .steps'],
  async run(call) {
    const [cycle] = call.operands;
    const client = clientOf(call);
    if (cycle !== undefined) {
      const detail = await client.cycle(cycle);
      if (call.json) await call.out.printJson(detail);
      else await call.out.printLines(detailLines(detail));
      return DONE;
    }
    const { limit = USUAL_LIMIT, before } = call.options;
    const cycles = await client.cycles(asked({ limit, before }));
    if (call.json) await call.out.printJson(cycles);
    else if (cycles.length === 0) await call.out.print('nothing is recorded\n');
    else await call.out.printLines(table(COLUMNS, cycles.map(row)));
    return DONE;
  },
});

function row({ cycle, atMs, accepted, refused, hasCase, words }: CycleView): string[] {
  return [`${cycle}`, new Date(atMs).toISOString(), `${accepted}`, `${refused}`, hasCase ? 'kept' : '', words];
}

function detailLines({ cycle, atMs, hasCase, decisions, plan, planned, steps }: CycleDetail): string[] {
  const begun = new Set(steps.map(({ id }) => id));
  return [
    `cycle ${cycle} at ${new Date(atMs).toISOString()}${hasCase ? `; \`drover replay ${cycle}\` decides it again` : ''}`,
    ...section(
      'decisions',
      decisions.map(({ words, policy, because }) => `${words} (${policy}: ${because})`),
    ),
    ...(plan === null ? [] : [`plan ${plan.id}: ${planned.length} steps in ${spanWords(plan.makespanMs)}`]),
    ...section('steps', steps.map(stepLine)),
    ...section(
      'planned and never begun',
      planned.filter(({ id }) => !begun.has(id)).map(({ id, words }) => `${id}  ${words}`),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function stepLine({ id, words, begunAtMs, outcome }: PastStep): string {
  if (outcome === null) return `${id}  ${words}: its end is not known yet`;
  const { state, because, atMs } = outcome;
  const took = atMs >= begunAtMs ? ` after ${spanWords(atMs - begunAtMs)}` : '';
  return `${id}  ${words}: ${state}${took}${because === '' ? '' : `: ${because}`}`;
}
