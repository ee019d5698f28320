import { describe, expect, it } from 'vitest';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { RESOURCES } from '../../src/domain/resources.ts';
import { succeed } from '../../src/domain/snapshot.ts';
import { aHost, anInventory, aSnapshot, aVm } from '../kit/fleet.ts';

const full = anInventory({
  hosts: [
    aHost({
      id: 'h1',
      cpu: { vendor: 'AMD', model: 'EPYC 9354', features: ['avx2', 'sev'] },
      storages: ['ceph', 'nfs'],
      vlans: ['10', '20'],
      rack: 'r1',
      site: 'north',
      subnet: '10.0.0.0/24',
      labels: { owner: 'web' },
      powerModel: { watts: [80, 120, 210], offWatts: 4, bootSeconds: 150, shutdownSeconds: 30 },
      maintenance: true,
    }),
    aHost({ id: 'h2', power: 'off', known: false, lastPowerChangeAtMs: 17 }),
  ],
  vms: [
    aVm({
      id: 'a',
      storages: ['ceph'],
      cpuNeeds: { vendor: 'AMD', features: ['avx2'] },
      pinnedTo: ['h1'],
      tier: 'gold',
    }),
    aVm({ id: 'b', migratable: false, known: false, liveSessions: 12, lastMoveAtMs: 99, labels: { app: 'shop' } }),
  ],
  flows: [
    { from: 'a', to: 'b', bytesPerS: 100 },
    { from: 'b', to: 'a', bytesPerS: 20 },
  ],
  rules: [{ kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host' }],
  flights: [{ vm: 'b', from: 'h1', to: 'h2' }],
});

describe('a snapshot', () => {
  it('gives back the inventory that it was made from', () => {
    expect(toInventory(toSnapshot(full))).toEqual(full);
  });

  it('adds up both directions of a conversation and lists it from both ends', () => {
    const { traffic } = toSnapshot(full);
    expect(Array.from(traffic.rowStart)).toEqual([0, 1, 2]);
    expect(Array.from(traffic.peer)).toEqual([1, 0]);
    expect(Array.from(traffic.bytesPerS)).toEqual([120, 120]);
  });

  it('has a column for each resource, from the list of resources alone', () => {
    const { hosts, vms } = toSnapshot(full);
    expect(hosts.capacity).toHaveLength(RESOURCES.length);
    expect(vms.demand).toHaveLength(RESOURCES.length);
  });

  it('shares every column with its successor but those that changed', () => {
    const before = aSnapshot({ vms: [aVm()] });
    const liveSessions = Float64Array.of(7);
    const after = succeed(before, { atMs: before.atMs + 1, vms: { liveSessions } });
    expect(after.version).toBe(before.version + 1);
    expect(after.hosts).toBe(before.hosts);
    expect(after.vms.demand).toBe(before.vms.demand);
    expect(after.vms.liveSessions).toBe(liveSessions);
    expect(before.vms.liveSessions[0]).toBe(0);
  });

  it('does not take a VM that is on no host of the inventory', () => {
    expect(() => toSnapshot(anInventory({ vms: [aVm({ host: 'nowhere' })] }))).toThrow(/vm1 is on nowhere/);
  });
});
