import { bytesWords, rateWords } from '../../domain/words.ts';
import type { VmStatus } from '../../serve/api.ts';
import { defineCommand } from '../command.ts';
import { asked, clientOf, moreLine, PAGE_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';
import { table } from '../table.ts';
import { unknownWords } from '../unknown-words.ts';

export const vms = defineCommand({
  name: 'vms',
  group: 'look',
  about: 'The VMs: where they are and what they use',
  more: '',
  operands: [],
  options: { ...PAGE_OPTIONS, host: { kind: 'text', placeholder: 'HOST', about: 'Only VMs on this host' } },
  examples: ['drover vms --limit 20', 'drover vms --host h3', 'drover vms --json | jq ".items[] | select(.movingTo)"'],
  async run(call) {
    const { limit, host } = call.options;
    const page = await clientOf(call).vms(asked({ limit, host }));
    if (call.json) await call.out.printJson(page);
    else await call.out.printLines([...vmTable(page.items), ...moreLine(page.items.length, page.total)]);
    return DONE;
  },
});

function vmTable(items: readonly VmStatus[]): string[] {
  const columns = [
    { title: 'VM' },
    { title: 'HOST' },
    { title: 'VCPUS', align: 'right' },
    { title: 'CPU', align: 'right' },
    { title: 'MEMORY', align: 'right' },
    { title: 'SENT', align: 'right' },
    { title: 'REMARKS' },
  ] as const;
  return table(
    columns,
    items.map((vm) => [
      vm.id,
      vm.host,
      String(vm.vcpus),
      `${vm.demand.cpuMhz.toFixed(0)} MHz`,
      bytesWords(vm.demand.memoryBytes),
      rateWords(vm.demand.netTxBytesPerS),
      remarks(vm),
    ]),
  );
}

function remarks({ movingTo, migratable, tie, known, doubt }: VmStatus): string {
  const stays = tie === '' ? 'stays' : `stays: ${tie}`;
  const parts = [movingTo !== null && `moving to ${movingTo}`, !migratable && stays, !known && unknownWords(doubt)];
  return parts.filter((part) => part !== false).join(', ');
}
