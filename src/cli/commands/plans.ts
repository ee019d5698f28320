import { changeWords } from '../../domain/change.ts';
import { spanWords } from '../../domain/words.ts';
import type { PlanDetail } from '../../serve/api.ts';
import { type Call, defineCommand } from '../command.ts';
import { clientOf, DAEMON_OPTIONS } from '../daemon-client.ts';
import { DONE, type Ending } from '../io.ts';
import { table } from '../table.ts';

const COLUMNS = [
  { title: 'PLAN' },
  { title: 'MADE' },
  { title: 'STATE' },
  { title: 'TAKES', align: 'right' },
  { title: 'AT BEST', align: 'right' },
  { title: 'WHAT' },
] as const;

export const plans = defineCommand({
  name: 'plans',
  group: 'look',
  about: 'The plans of the daemon, and how they came along',
  more: `In mode confirm, a plan waits until \`drover confirm PLAN\` or \`drover reject PLAN\`. With a PLAN: its steps, and the
decision that each belongs to; \`drover confirm PLAN --only DECISION\` carries out no more than that.`,
  operands: [{ name: 'PLAN', about: 'Id of a plan', optional: true }],
  options: DAEMON_OPTIONS,
  examples: ['drover plans', 'drover plans p12', 'drover plans --json | jq ".[0]"'],
  async run(call) {
    const [plan] = call.operands;
    if (plan !== undefined) return showOne(call, await clientOf(call).plan(plan));
    const views = await clientOf(call).plans();
    const rows = views.map(({ id, atMs, state, makespanMs, lowerBoundMs, words }) => {
      return [id, new Date(atMs).toISOString(), state, spanWords(makespanMs), spanWords(lowerBoundMs), words];
    });
    if (call.json) await call.out.printJson(views);
    else if (rows.length === 0) await call.out.print('no plans\n');
    else await call.out.printLines(table(COLUMNS, rows));
    return DONE;
  },
});

const STEP_COLUMNS = [
  { title: 'DECISION' },
  { title: 'START', align: 'right' },
  { title: 'END', align: 'right' },
  { title: 'WHAT' },
] as const;

async function showOne({ json, out }: Pick<Call, 'json' | 'out'>, plan: PlanDetail): Promise<Ending> {
  const since = (atMs: number) => spanWords(atMs - plan.atMs);
  const rows = plan.steps.map(({ decision, startsAtMs, endsAtMs, words }) => {
    return [decision, since(startsAtMs), since(endsAtMs), words];
  });
  const reasons = plan.decisions.map(({ id, words, policy, because }) => `${id}: ${words} (${policy}: ${because})`);
  const impossible = plan.impossible.map(({ change, because }) => `impossible: ${changeWords(change)}: ${because}`);
  if (json) await out.printJson(plan);
  else
    await out.printLines([`plan ${plan.id}: ${plan.state}`, ...table(STEP_COLUMNS, rows), ...reasons, ...impossible]);
  return DONE;
}
