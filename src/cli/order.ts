import { spanWords } from '../domain/words.ts';
import type { OrderView } from '../serve/api.ts';
import type { Client, OrderBody } from '../serve/client.ts';
import type { Call } from './command.ts';
import { clientOf, DAEMON_OPTIONS } from './daemon-client.ts';
import { DONE, type Ending } from './io.ts';

/** For commands by which persons have something done. */
export const ORDER_OPTIONS = {
  ...DAEMON_OPTIONS,
  'dry-run': { kind: 'flag', about: 'Only say what would be done, or why not' },
} as const;

type OrderCall = Pick<Call, 'operands' | 'json' | 'io' | 'out'> & {
  readonly options: { readonly url: string | undefined; readonly 'dry-run': true | undefined };
};

const MOST_STEPS = 20;

/** Gives the order and prints what came of it; a refusal comes out as the daemon's sentence. */
export async function giveOrder(
  call: OrderCall,
  give: (client: Client, body: OrderBody) => Promise<OrderView>,
): Promise<Ending> {
  const view = await give(clientOf(call), { dryRun: call.options['dry-run'] === true });
  if (call.json) await call.out.printJson(view);
  else await call.out.printLines(orderLines(view));
  return DONE;
}

function orderLines({ dryRun, words, steps, endsAtMs }: OrderView): string[] {
  const first = steps[0]?.startsAtMs ?? 0;
  const shown = dryRun ? steps.slice(0, MOST_STEPS) : [];
  return [
    dryRun ? `dry run: ${words}` : words,
    ...shown.map(({ words: what, startsAtMs, endsAtMs: until }) => {
      return `  ${what}, from ${spanWords(startsAtMs - first)} to ${spanWords(until - first)}`;
    }),
    ...(steps.length > shown.length && dryRun ? [`  and ${steps.length - shown.length} more`] : []),
    ...(endsAtMs === null ? [] : [`expected to be done at ${new Date(endsAtMs).toISOString()}`]),
  ];
}
