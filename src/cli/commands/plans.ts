import { spanWords } from '../../domain/words.ts';
import { defineCommand } from '../command.ts';
import { clientOf, DAEMON_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';
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
  more: 'In mode confirm, a plan waits until `drover confirm PLAN` or `drover reject PLAN`.',
  operands: [],
  options: DAEMON_OPTIONS,
  examples: ['drover plans', 'drover plans --json | jq ".[0]"'],
  async run(call) {
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
