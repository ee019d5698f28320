import { readArrival } from '../../case/read-arrival.ts';
import { problemWords } from '../../config/problem.ts';
import { MOST_STARS, nowhereBecause, type Placement, placeVm } from '../../decide/place.ts';
import { differenceWords, signedMoney } from '../../domain/decision-words.ts';
import { toInventory } from '../../domain/inventory.ts';
import { CASE_OPERAND, openCase, POLICIES_OPTION } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { isEnding, refused, wrong } from '../io.ts';
import { readText } from '../read-input.ts';
import { table } from '../table.ts';

export const place = defineCommand({
  name: 'place',
  group: 'try',
  about: 'Say which host is best for a new VM, and which rule forbids the others',
  more: `FILE is the VM as in a case, without its host; or {"vm": …, "flows": […], "rules": […]} with whom it will talk
and what it must be kept apart from. Five stars: the cheapest host, or as good; one: the dearest that is allowed;
none: a rule forbids it. The cost is that of the whole fleet. A host that is off is priced with its power, where
hosts may be switched.`,
  operands: [CASE_OPERAND],
  options: {
    vm: { kind: 'text', placeholder: 'FILE', about: 'The new VM, a JSON file' },
    limit: { kind: 'number', placeholder: 'N', about: 'Only the N best hosts' },
    policies: POLICIES_OPTION,
  },
  examples: ['drover place case.json --vm new-vm.json', 'drover place case.json --vm new-vm.json --limit 3 --json'],
  async run({ operands, options, json, io, out }) {
    const { vm: file, limit = Number.POSITIVE_INFINITY } = options;
    if (file === undefined) return wrong('drover place needs a VM: drover place CASE --vm FILE');
    if (!(limit >= 1)) return wrong(`--limit is ${limit}, should be 1 or more`);
    const opened = await openCase(io, operands[0]!, options.policies);
    if (isEnding(opened)) return opened;
    const { input, currency, warnings } = opened;
    const read = await readText(io, file);
    if (isEnding(read)) return read;
    const arrival = readArrival(read.text, read.name, toInventory(input.snapshot));
    if (Array.isArray(arrival)) return wrong(...arrival.map(problemWords));
    const placements = placeVm(input, arrival);
    const shown = placements.slice(0, limit);
    if (json) await out.printJson({ vm: arrival.vm.id, hosts: shown });
    else await out.printLines(placementTable(shown, currency));
    const nowhere = nowhereBecause(placements);
    if (nowhere !== undefined) return refused(...warnings, `no host takes ${arrival.vm.id}: ${nowhere}`);
    return { exitCode: 0, sentences: warnings };
  },
});

const COLUMNS = [
  { title: 'HOST' },
  { title: 'STARS' },
  { title: 'PER HOUR', align: 'right' },
  { title: 'WHY' },
] as const;

function placementTable(placements: readonly Placement[], currency: string): string[] {
  const rows = placements.map((placement) => {
    const { host, stars, addedPerHour, refusal } = placement;
    const price = refusal === undefined ? signedMoney(addedPerHour, currency) : '';
    return [host, '★'.repeat(stars) + '☆'.repeat(MOST_STARS - stars), price, whyWords(placement, currency)];
  });
  return table(COLUMNS, rows);
}

function whyWords({ refusal, terms, because }: Placement, currency: string): string {
  if (refusal !== undefined) return `forbidden by ${refusal.rule}: ${refusal.because}`;
  return [because, differenceWords(terms, currency)].filter((words) => words !== '').join('; ');
}
