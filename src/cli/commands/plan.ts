import { changeWords } from '../../domain/change.ts';
import type { Verdicts } from '../../domain/decision.ts';
import type { Plan, Step } from '../../domain/plan.ts';
import { bytesWords, spanWords } from '../../domain/words.ts';
import { makePlan } from '../../plan/make-plan.ts';
import { CASE_OPERAND, openCase, POLICIES_OPTION } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { DEEP_OPTIONS, DEEP_WORDS, decideAsAsked, deepTrouble } from '../deciding.ts';
import { isEnding } from '../io.ts';
import { table } from '../table.ts';

export const plan = defineCommand({
  name: 'plan',
  group: 'try',
  about: 'Decide about a case, and order the changes in time',
  more: `Times count from the start of the plan. The lower bound says what no order could beat.\n${DEEP_WORDS}`,
  operands: [CASE_OPERAND],
  options: { policies: POLICIES_OPTION, ...DEEP_OPTIONS },
  examples: [
    'drover plan case.json',
    'drover plan case.json --deep --seconds 600',
    'drover plan case.json --json | jq .makespanMs',
  ],
  async run({ operands, options, json, io, out }) {
    const trouble = deepTrouble(options);
    if (trouble !== undefined) return trouble;
    const opened = await openCase(io, operands[0]!, options.policies);
    if (isEnding(opened)) return opened;
    const { input, limits, warnings } = opened;
    const { snapshot } = input;
    const verdicts = decideAsAsked(input, options);
    const made = makePlan({ snapshot, verdicts, limits, atMs: snapshot.atMs });
    if (json) await out.printJson(made);
    else await out.printLines([...planLines(made), ...unrepairedLines(verdicts)]);
    return { exitCode: 0, sentences: warnings };
  },
});

/** Rules that stay broken, and why nothing is planned about them. */
function unrepairedLines({ decisions }: Verdicts): string[] {
  return decisions.flatMap(({ phase, refusal, because }) =>
    phase === 'repair' && refusal !== undefined ? [`not repaired: ${because}: ${refusal.because}`] : [],
  );
}

const COLUMNS = [
  { title: 'STEP' },
  { title: 'START', align: 'right' },
  { title: 'END', align: 'right' },
  { title: 'AFTER' },
  { title: 'WHAT' },
] as const;

function planLines(made: Plan): string[] {
  const bound = made.lowerBoundMs > 0 ? ` (${(made.makespanMs / made.lowerBoundMs).toFixed(3)} times that)` : '';
  return [
    ...(made.steps.length === 0
      ? ['nothing to do']
      : table(
          COLUMNS,
          made.steps.map((step) => stepRow(step, made.atMs)),
        )),
    ...made.impossible.map(({ change, because }) => `impossible: ${changeWords(change)}: ${because}`),
    '',
    `${made.steps.length} ${made.steps.length === 1 ? 'step' : 'steps'} in ${spanWords(made.makespanMs)}; lower bound ${spanWords(made.lowerBoundMs)}${bound}`,
  ];
}

function stepRow(step: Step, atMs: number): string[] {
  const copy = step.migration === undefined ? '' : `, ${bytesWords(step.migration.bytes)}`;
  return [
    step.id,
    spanWords(step.startsAtMs - atMs),
    spanWords(step.endsAtMs - atMs),
    step.after.join(' '),
    `${changeWords(step.change)}${copy}`,
  ];
}
