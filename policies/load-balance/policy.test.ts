import { aHost, aVm, describePolicy } from '#testing';
import policy from './policy.ts';

const hot = (id: string, cpuMhz: number) => aVm({ id, host: 'h1', demand: { cpuMhz } });

describePolicy(policy, [
  {
    it: 'relieves a hot host by one move, and no more than needed',
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: [hot('a', 30_000), hot('b', 30_000), hot('c', 25_000)],
    changes: ['a: h1 → h2'],
  },
  {
    it: 'does nothing while nobody suffers, however uneven the load',
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: [hot('a', 20_000), hot('b', 20_000), hot('c', 15_000)],
    changes: [],
    costPerHour: 0,
  },
  {
    it: 'sees the variance: a host that is full on average lets its VMs starve now and then',
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: [
      aVm({ id: 'steady', host: 'h1', demand: { cpuMhz: 29_000 } }),
      aVm({ id: 'wild', host: 'h1', demand: { cpuMhz: 29_000 }, cpuDeviationMhz: 40_000 }),
    ],
    changes: ['wild: h1 → h2'],
  },
  {
    it: 'with foresight, leaves a peak alone that will have passed before a move pays back',
    options: { foresight: 1, slowdown: 0 },
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: ['a', 'b', 'c'].map((id) =>
      aVm({ id, host: 'h1', demand: { cpuMhz: 30_000 }, cpuSoonMhz: 10_000, cpuLaterMhz: 10_000 }),
    ),
    changes: [],
    costPerHour: 0,
  },
  {
    it: 'with foresight, sees what is to come',
    options: { foresight: 1, slowdown: 0 },
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: [
      aVm({ id: 'steady', host: 'h1', demand: { cpuMhz: 40_000 } }),
      aVm({ id: 'rising', host: 'h1', demand: { cpuMhz: 20_000 }, cpuSoonMhz: 40_000, cpuLaterMhz: 70_000 }),
    ],
    changes: ['rising: h1 → h2'],
  },
  {
    it: 'does not move a guest whose copying costs more than it would gain',
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })],
    vms: ['a', 'b'].map((id) => aVm({ id, host: 'h1', demand: { cpuMhz: 30_500 }, liveSessions: 100_000 })),
    changes: [],
  },
  {
    it: 'goes by share, not by MHz: the larger host takes the load',
    hosts: [
      aHost({ id: 'h1' }),
      aHost({ id: 'small', cores: 8, capacity: { cpuMhz: 20_000 } }),
      aHost({ id: 'large', cores: 64, capacity: { cpuMhz: 160_000 } }),
    ],
    vms: [hot('a', 40_000), hot('b', 42_000), aVm({ id: 'c', host: 'large', demand: { cpuMhz: 60_000 } })],
    changes: ['a: h1 → large'],
  },
]);
