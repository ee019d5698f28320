import type { Standing } from '../../serve/api.ts';
import { defineCommand } from '../command.ts';
import { clientOf, DAEMON_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';
import { table } from '../table.ts';

const COLUMNS = [{ title: 'WHAT' }, { title: 'SINCE' }, { title: 'HOW IT STANDS' }] as const;

export const orders = defineCommand({
  name: 'orders',
  group: 'look',
  about: 'What persons have ordered and stands; suspect and unproven hosts',
  more: 'Drains, migrations, switches, trials and pauses that are not over.',
  operands: [],
  options: DAEMON_OPTIONS,
  examples: ['drover orders', 'drover orders --json | jq .drains'],
  async run(call) {
    const standing = await clientOf(call).orders();
    const rows = rowsOf(standing);
    if (call.json) await call.out.printJson(standing);
    else if (rows.length === 0) await call.out.print('nothing is ordered\n');
    else await call.out.printLines(table(COLUMNS, rows));
    return DONE;
  },
});

function rowsOf({ pausedSinceMs, drains, moves, switches, trials, suspects, unproven }: Standing): string[][] {
  const row = (what: string, sinceMs: number, words: string) => [what, new Date(sinceMs).toISOString(), words];
  return [
    ...(pausedSinceMs === null ? [] : [row('pause', pausedSinceMs, 'nothing is started')]),
    ...drains.map(({ host, sinceMs, vmsLeft }) => {
      return row(`drain ${host}`, sinceMs, vmsLeft === 0 ? 'empty' : `${vmsLeft} ${vmsLeft === 1 ? 'VM' : 'VMs'} left`);
    }),
    ...moves.map(({ vm, to, sinceMs }) => row(`migrate ${vm}`, sinceMs, `to ${to}`)),
    ...switches.map(({ host, to, sinceMs }) => row(`power ${host}`, sinceMs, to)),
    ...trials.map(({ host, stage, sinceMs }) => row(`trial ${host}`, sinceMs, stage)),
    ...suspects.map(({ host, because, sinceMs }) => row(`suspect ${host}`, sinceMs, because)),
    ...(unproven.length === 0 ? [] : [['unproven', '', unproven.join(' ')]]),
  ];
}
