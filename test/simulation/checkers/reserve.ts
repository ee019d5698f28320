import type { Inventory } from '../../../src/domain/inventory.ts';
import type { FailoverRule } from '../../../src/domain/rule.ts';
import type { Checker } from './checker.ts';

/** What Drover leaves on is as many as it must be, and can stand in for those that may fail. */
export function reserve(): Checker {
  return {
    property: 'the reserve is kept',
    judge(happening, { land }) {
      if (happening.kind !== 'switch ordered' || happening.by !== 'drover' || happening.to !== 'off') return [];
      const truth = land.truth();
      const { leastHostsOn } = land.scenario.settings.profile;
      const on = truth.hosts.filter(({ power }) => power === 'on').map(({ id }) => id);
      if (land.sight.couldNotKnow(on)) return [];
      const left = on.filter((id) => id !== happening.host);
      const found = left.length < leastHostsOn ? [`${left.length} hosts are left on, and ${leastHostsOn} must be`] : [];
      const failovers = truth.rules.filter((rule) => rule.kind === 'failover');
      for (const rule of failovers)
        if (standsIn(truth, on, rule) && !standsIn(truth, left, rule)) found.push(`${rule.id} no longer holds`);
      return found.map((words) => `without ${happening.host} ${words}`);
    },
  };
}

/** A necessary condition: whichever so many hosts fail, the memory of their VMs fits into what is free on the others. */
function standsIn(truth: Inventory, on: readonly string[], { failures, vms, vmLabels }: FailoverRule): boolean {
  const labels = Object.entries(vmLabels);
  const isMeant = (vm: Inventory['vms'][number]) =>
    (vms.length === 0 && labels.length === 0) ||
    vms.includes(vm.id) ||
    (labels.length > 0 && labels.every(([name, value]) => vm.labels[name] === value));
  const hosts = truth.hosts
    .filter(({ id }) => on.includes(id))
    .map(({ id, capacity, reserved }) => {
      const there = truth.vms.filter((vm) => vm.host === id);
      const sum = (list: readonly Inventory['vms'][number][]) =>
        list.reduce((all, vm) => all + vm.demand.memoryBytes, 0);
      return {
        freeBytes: capacity.memoryBytes - reserved.memoryBytes - sum(there),
        meantBytes: sum(there.filter(isMeant)),
      };
    });
  return subsets(hosts.length, failures).every((failing) => {
    const needed = failing.reduce((sum, i) => sum + hosts[i]!.meantBytes, 0);
    const free = hosts.reduce((sum, { freeBytes }, i) => sum + (failing.includes(i) ? 0 : freeBytes), 0);
    return needed <= free;
  });
}

function subsets(count: number, size: number): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: count }, (_, first) => first).flatMap((first) =>
    subsets(first, size - 1).map((rest) => [...rest, first]),
  );
}
