import { aHost, aVm, describePolicy } from '#testing';
import policy from './policy.ts';

const rack = (id: string, name: string) => aHost({ id, rack: name, site: 'home' });
const hosts = [rack('h1', 'r1'), rack('h2', 'r1'), rack('h3', 'r2')];
const talk = (bytesPerS: number) => [{ from: 'a', to: 'b', bytesPerS }];

describePolicy(policy, [
  {
    it: 'brings talkers of two racks together',
    hosts,
    vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h3' })],
    flows: talk(50_000_000),
    changes: ['a: h1 → h3'],
  },
  {
    it: 'lets those be who hardly talk',
    hosts,
    vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h3' })],
    flows: talk(100),
    changes: [],
  },
  {
    it: 'is content with the same host',
    hosts,
    vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h1' })],
    flows: talk(50_000_000),
    changes: [],
    costPerHour: 0,
  },
  {
    it: 'passes by a host whose port is busy, however idle its CPU',
    hosts: [rack('h1', 'r1'), rack('h3', 'r2'), rack('h4', 'r2')],
    vms: [
      aVm({ id: 'a', host: 'h1', demand: { netTxBytesPerS: 300_000_000 } }),
      aVm({ id: 'b', host: 'h3', demand: { netTxBytesPerS: 900_000_000 }, migratable: false }),
    ],
    flows: talk(200_000_000),
    changes: ['a: h1 → h4'],
  },
]);
