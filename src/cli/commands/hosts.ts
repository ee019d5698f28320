import { POWER_STATES } from '../../domain/power.ts';
import { RESOURCES } from '../../domain/resources.ts';
import { shareWords } from '../../domain/words.ts';
import type { HostStatus } from '../../serve/api.ts';
import { defineCommand } from '../command.ts';
import { asked, clientOf, moreLine, PAGE_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';
import { table } from '../table.ts';
import { unknownWords } from '../unknown-words.ts';

export const hosts = defineCommand({
  name: 'hosts',
  group: 'look',
  about: 'The hosts: power, VMs, load',
  more: '',
  operands: [],
  options: {
    ...PAGE_OPTIONS,
    rack: { kind: 'text', placeholder: 'RACK', about: 'Only hosts of this rack' },
    power: { kind: 'choice', values: POWER_STATES, about: 'Only hosts in this power state' },
  },
  examples: ['drover hosts', 'drover hosts --power off', 'drover hosts --rack r2 --limit 20'],
  async run(call) {
    const { limit, rack, power } = call.options;
    const page = await clientOf(call).hosts(asked({ limit, rack, power }));
    if (call.json) await call.out.printJson(page);
    else await call.out.printLines([...hostTable(page.items), ...moreLine(page.items.length, page.total)]);
    return DONE;
  },
});

function hostTable(items: readonly HostStatus[]): string[] {
  const columns = [
    { title: 'HOST' },
    { title: 'POWER' },
    { title: 'RACK' },
    { title: 'VMS', align: 'right' },
    ...RESOURCES.map(({ name }) => ({ title: name.toUpperCase(), align: 'right' }) as const),
    { title: 'WATTS', align: 'right' },
    { title: 'REMARKS' },
  ] as const;
  return table(
    columns,
    items.map((host) => [
      host.id,
      host.power,
      host.rack,
      String(host.vmCount),
      ...RESOURCES.map(({ name }) => shareWords(host.share[name])),
      host.watts.toFixed(0),
      remarks(host),
    ]),
  );
}

function remarks({ arriving, departing, maintenance, known, doubt }: HostStatus): string {
  const parts = [
    arriving > 0 && `${arriving} arriving`,
    departing > 0 && `${departing} leaving`,
    maintenance && 'maintenance',
    !known && unknownWords(doubt),
  ];
  return parts.filter((part) => part !== false).join(', ');
}
