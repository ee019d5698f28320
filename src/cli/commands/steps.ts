import { shareWords, spanWords } from '../../domain/words.ts';
import type { StepView } from '../../serve/api.ts';
import { defineCommand } from '../command.ts';
import { asked, clientOf, moreLine, PAGE_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';
import { table } from '../table.ts';

const COLUMNS = [
  { title: 'STEP' },
  { title: 'STATE' },
  { title: 'DONE', align: 'right' },
  { title: 'LEFT', align: 'right' },
  { title: 'WHAT' },
] as const;

export const steps = defineCommand({
  name: 'steps',
  group: 'look',
  about: 'Steps waiting, under way and lately ended',
  more: '',
  operands: [],
  options: PAGE_OPTIONS,
  examples: ['drover steps', 'drover steps --limit 5 --json'],
  async run(call) {
    const { limit } = call.options;
    const page = await clientOf(call).steps(asked({ limit }));
    if (call.json) await call.out.printJson(page);
    else if (page.total === 0) await call.out.print('no steps\n');
    else
      await call.out.printLines([...table(COLUMNS, page.items.map(row)), ...moreLine(page.items.length, page.total)]);
    return DONE;
  },
});

/** For what waits, and for what ended badly: why. */
function row({ step, state, share, remainingMs, words, because }: StepView): string[] {
  return [
    step.id,
    state,
    share === null ? '' : shareWords(share),
    remainingMs === null ? '' : spanWords(remainingMs),
    because === '' ? words : `${words}: ${because}`,
  ];
}
