import type { Host } from '../../../src/domain/host.ts';
import type { Inventory } from '../../../src/domain/inventory.ts';
import type { Rule } from '../../../src/domain/rule.ts';
import type { Vm } from '../../../src/domain/vm.ts';
import type { MigrationOrder } from '../../../src/ports/driver.ts';
import { brokenRules } from '../../kit/rule-checker.ts';
import type { Sight } from '../sight.ts';
import type { Checker } from './checker.ts';

/** No rule is broken by a migration that Drover orders, at the instant it does. What others have done is theirs. */
export function rules(): Checker {
  return {
    property: 'no rule is broken by what Drover does',
    judge(happening, { land }) {
      if (happening.kind !== 'migration ordered' || happening.by !== 'drover') return [];
      const { order } = happening;
      const truth = land.truth();
      const words = (found: string) => `${order.id} (${order.vm}: ${order.from} → ${order.to}): ${found}`;
      if (land.sight.couldNotKnow([order.vm, order.from, order.to])) return [];
      const unfit = unfitness(order, truth, land.sight);
      return [...unfit, ...newlyBroken(order, truth, land.sight)].map(words);
    },
  };
}

function unfitness(order: MigrationOrder, truth: Inventory, sight: Sight): string[] {
  const vm = truth.vms.find(({ id }) => id === order.vm);
  const to = truth.hosts.find(({ id }) => id === order.to);
  const from = truth.hosts.find(({ id }) => id === order.from);
  if (vm === undefined || to === undefined || from === undefined) return ['it is about what does not exist'];
  const found: string[] = [];
  const say = (isWrong: boolean, words: string) => isWrong && found.push(words);
  say(vm.host !== order.from, `the VM is on ${vm.host}`);
  say(from.power !== 'on', `${from.id} is ${from.power}`);
  say(to.power !== 'on', `${to.id} is ${to.power}`);
  say(!vm.migratable, 'the VM cannot be moved');
  say(vm.pinnedTo.length > 0 && !vm.pinnedTo.includes(to.id), 'the VM is pinned elsewhere');
  say(!vm.storages.every((storage) => to.storages.includes(storage)), `${to.id} lacks storage of the VM`);
  say(!vm.vlans.every((vlan) => to.vlans.includes(vlan)), `${to.id} lacks a VLAN of the VM`);
  say(vm.cpuNeeds.vendor !== '' && vm.cpuNeeds.vendor !== to.cpu.vendor, `${to.id} has another make of CPU`);
  say(!vm.cpuNeeds.features.every((feature) => to.cpu.features.includes(feature)), `${to.id} lacks a CPU feature`);
  say(order.how === 'quick' && !vm.quickAllowed, 'the VM must not be saved');
  if (order.how === 'live') found.push(...overfilled(vm, to, truth, sight));
  return found;
}

/** Whoever is on the way counts at both ends. */
function overfilled(vm: Vm, to: Host, { vms, flights }: Inventory, sight: Sight): string[] {
  const coming = flights
    .filter((flight) => flight.to === to.id && flight.quick === undefined)
    .map((flight) => flight.vm);
  const there = vms.filter(({ id, host }) => id !== vm.id && (host === to.id || coming.includes(id)));
  if (sight.couldNotKnow(there.map(({ id }) => id))) return [];
  const bytes = [vm, ...there].reduce((sum, { demand }) => sum + demand.memoryBytes, to.reserved.memoryBytes);
  return bytes <= to.capacity.memoryBytes ? [] : [`${to.id} would hold ${bytes} of ${to.capacity.memoryBytes} bytes`];
}

function newlyBroken({ vm, to }: MigrationOrder, truth: Inventory, sight: Sight): string[] {
  const rulesToKeep = truth.rules.filter((rule) => holdsAlways(rule) && !sight.couldNotKnow(membersOf(rule)));
  const landed = new Map(truth.flights.map((flight) => [flight.vm, flight.to]));
  const found = new Set<string>();
  for (const places of [new Map<string, string>(), landed]) {
    const before = withPlaces(truth, places);
    const after = withPlaces(truth, new Map([...places, [vm, to]]));
    if (before.vms.some(({ id, host }) => sight.couldNotKnow([id]) && host === to)) continue;
    for (const rule of rulesToKeep) {
      const [was, is] = [before, after].map((world) => brokenRules({ ...world, rules: [rule] }).length);
      if (is! > was!) found.add(`it breaks ${rule.kind} ${rule.id}`);
    }
  }
  return [...found];
}

const holdsAlways = (rule: Rule): boolean =>
  rule.kind !== 'affinity' && rule.kind !== 'failover' && !('at' in rule && rule.at === 'end');

const membersOf = (rule: Rule): readonly string[] => ('vms' in rule ? rule.vms : []);

const withPlaces = (truth: Inventory, places: ReadonlyMap<string, string>): Inventory => ({
  ...truth,
  vms: truth.vms.map((vm) => ({ ...vm, host: places.get(vm.id) ?? vm.host })),
});
