import { aHost, aVm, describePolicy } from '#testing';
import policy from './policy.ts';

const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2' })];
const away = aVm({ id: 'away', host: 'h2', labels: { home: 'h1' } });

describePolicy(policy, [
  {
    it: 'brings a VM home, and leaves those alone that have no home',
    hosts,
    vms: [away, aVm({ id: 'free', host: 'h2' })],
    changes: ['away: h2 → h1'],
    costPerHour: 0.05,
  },
  {
    it: 'is content when everybody is at home',
    hosts,
    vms: [aVm({ id: 'a', host: 'h1', labels: { home: 'h1' } })],
    changes: [],
    costPerHour: 0,
  },
  {
    it: 'waits until the maintenance is over',
    hosts: [aHost({ id: 'h1', maintenance: true }), aHost({ id: 'h2' })],
    vms: [away],
    changes: [],
  },
  {
    it: 'does not empty a host for maintenance: the core does',
    hosts: [aHost({ id: 'h1', maintenance: true }), aHost({ id: 'h2' })],
    vms: [aVm({ id: 'a', host: 'h1', labels: { home: 'h1' } })],
    changes: ['a: h1 → h2'],
    costPerHour: 0,
  },
  {
    it: 'leaves a VM alone whose home does not exist: that is for a person to mend',
    hosts,
    vms: [aVm({ id: 'a', host: 'h1', labels: { home: 'h9' } })],
    changes: [],
    costPerHour: 0.05,
  },
]);
