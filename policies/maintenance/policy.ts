import { definePolicy, move, option } from '#sdk';

/**
 * A host under maintenance is emptied by the core, as a rule. This brings back those of its VMs that have a home: the
 * host that their label `home` names. While that host takes nobody, the rules keep them where they are.
 */
export default definePolicy({
  id: 'maintenance',
  about: 'Brings VMs that are away from home back when their host takes VMs again.',
  phase: 'improve',
  options: {
    awayPerHour: option.number('what it costs that a VM is away from home', 0.05, 'money/h', { least: 0 }),
  },
  terms: { vm: 'away from home' },
  reasons: { back: '{vm} is at home on {host}' },
  cost: {
    vm: (vm, host, { awayPerHour }) => ((vm.labels.home ?? host.id) === host.id ? 0 : awayPerHour),
  },
  *propose({ fleet, because }) {
    const byId = new Map([...fleet.hosts()].map((host) => [host.id, host]));
    for (let index = 0; index < fleet.vmCount; index++) {
      const vm = fleet.vm(index);
      const home = byId.get(vm.labels.home ?? '');
      if (home === undefined || home.index === vm.hostIndex) continue;
      yield { wishes: [move(vm, home)], because: because.back({ vm: vm.id, host: home.id }) };
    }
  },
});
