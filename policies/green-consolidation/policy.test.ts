import { aHost, aVm, describePolicy } from '#testing';
import policy from './policy.ts';

const hosts = ['h1', 'h2', 'h3', 'h4'].map((id) => aHost({ id }));
const thrifty = { watts: [40, 200], offWatts: 5, bootSeconds: 120, shutdownSeconds: 60 };

describePolicy(policy, [
  {
    it: 'empties hosts and switches them off, down to the reserve',
    hosts,
    vms: hosts.map((host, i) => aVm({ id: `v${i + 1}`, host: host.id })),
    changes: ['h1: switch off', 'h2: switch off', 'v1: h1 → h4', 'v2: h2 → h4'],
  },
  {
    it: 'keeps a spare host on',
    hosts: hosts.slice(0, 2),
    vms: [aVm({ id: 'v1', host: 'h1' })],
    profile: { spareHosts: 1 },
    changes: [],
  },
  {
    it: 'packs for the peaks of late and not for the calm of the moment',
    hosts,
    vms: hosts.map((host, i) => aVm({ id: `v${i + 1}`, host: host.id, cpuPeakMhz: 60_000 })),
    changes: [],
  },
  {
    it: 'switches off the least efficient host first',
    hosts: [aHost({ id: 'h1', powerModel: thrifty }), aHost({ id: 'h2' }), aHost({ id: 'h3', powerModel: thrifty })],
    vms: ['h1', 'h2', 'h3'].map((host, i) => aVm({ id: `v${i + 1}`, host })),
    changes: ['h2: switch off', 'v2: h2 → h3'],
  },
  {
    it: 'leaves a host alone that was switched on a short while ago',
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' }), aHost({ id: 'h3' })].map((host) => ({
      ...host,
      lastPowerChangeAtMs: Date.UTC(2026, 10, 20, 11, 50),
    })),
    vms: [aVm({ id: 'v1', host: 'h1' })],
    changes: [],
  },
  {
    it: 'switches nothing off because data is missing',
    hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' }), aHost({ id: 'h3' })],
    vms: ['h1', 'h2', 'h3'].map((host, i) => aVm({ id: `v${i + 1}`, host, known: false })),
    changes: [],
  },
]);
