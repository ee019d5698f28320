import { describe, expect, test } from 'vitest';
import { DEFAULT_PRICES } from '../../src/domain/profile.ts';
import { GIB, HOUR, MIB, MINUTE, SECOND } from '../../src/domain/units.ts';
import { kpisOf } from '../../src/simulator/kpis.ts';
import { steadyLoads } from '../../src/simulator/load.ts';
import { type DatacenterSetup, VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { anInventory, aVm } from '../kit/fleet.ts';
import { aServer, endOf, MIGRATION_BYTES_PER_S, order, steady, threeHosts } from './datacenters.ts';

const kpis = (datacenter: VirtualDatacenter) => kpisOf(datacenter.readings(), datacenter.nowMs / HOUR, DEFAULT_PRICES);

function withSetup(setup: Partial<DatacenterSetup>, inventory = threeHosts()): VirtualDatacenter {
  return new VirtualDatacenter({ inventory, loads: steadyLoads(inventory.vms), startMs: 0, ...setup });
}

function move(datacenter: VirtualDatacenter, vm: string, from: string, to: string): void {
  expect(datacenter.startMigration({ ...order(vm, from, to), id: `${datacenter.nowMs}` })).toBeUndefined();
  datacenter.advanceTo(datacenter.nowMs + 5 * MINUTE);
}

describe('what a run comes to', () => {
  test('migrations, and those that were undone within hours', () => {
    const datacenter = steady(threeHosts());
    move(datacenter, 'a', 'h1', 'h2');
    move(datacenter, 'a', 'h2', 'h1');
    datacenter.advanceTo(10 * HOUR);
    move(datacenter, 'a', 'h1', 'h2');
    const { migrations, quickMigrations, oscillations, migratedGib, blackoutSeconds } = kpis(datacenter);
    expect({ migrations, quickMigrations, oscillations }).toEqual({
      migrations: 3,
      quickMigrations: 0,
      oscillations: 1,
    });
    expect(migratedGib).toBeGreaterThan(0);
    expect(blackoutSeconds).toBeGreaterThan(0);
  });

  test('a migration that was broken off is no migration', () => {
    const datacenter = steady(threeHosts());
    datacenter.startMigration(order('a', 'h1', 'h2'));
    datacenter.advanceTo(2 * SECOND);
    datacenter.crash('h2');
    expect(kpis(datacenter)).toMatchObject({ migrations: 0, brokenMigrations: 1, sessionsMoved: 0 });
  });

  test('hosts that are off are not on, and each time is a cycle', () => {
    const datacenter = steady(threeHosts());
    datacenter.switchOff('h3');
    datacenter.advanceTo(HOUR);
    const { hostHoursOn, powerCycles, costByTerm } = kpis(datacenter);
    expect(hostHoursOn).toBeCloseTo(2 + MINUTE / HOUR, 9);
    expect(powerCycles).toBe(1);
    expect(costByTerm.switching).toBe(DEFAULT_PRICES.perPowerCycle);
  });

  test('what is wanted and not given is told by host, by VM and in core-hours', () => {
    const hosts = [aServer('h1', { cores: 2, capacity: { cpuMhz: 2000 } })];
    const vms = ['a', 'b'].map((id) => aVm({ id, host: 'h1', vcpus: 2, demand: { cpuMhz: 1500 } }));
    const datacenter = steady(anInventory({ hosts, vms }));
    datacenter.advanceTo(HOUR);
    expect(kpis(datacenter)).toMatchObject({
      starvedCoreHours: expect.closeTo(1, 9),
      starvedVmTimeShare: 1,
      slatahShare: 1,
      pdmShare: 0,
      underAllocatedShare: expect.closeTo(1 / 3, 9),
    });
  });

  test('being migrated slows a guest down, which is the fault of no host', () => {
    const vms = [
      aVm({ id: 'a', host: 'h1', demand: { cpuMhz: 1000, memoryBytes: 8 * GIB }, memoryActiveBytes: 8 * GIB }),
    ];
    const datacenter = steady(anInventory({ hosts: [aServer('h1'), aServer('h2')], vms }));
    move(datacenter, 'a', 'h1', 'h2');
    const { slatahShare, pdmShare, underAllocatedShare } = kpis(datacenter);
    expect(slatahShare).toBe(0);
    expect(pdmShare).toBeGreaterThan(0);
    expect(underAllocatedShare).toBe(pdmShare);
  });

  test('talk is told by how far it goes', () => {
    const hosts = ['r1', 'r1', 'r2'].map((rack, i) => aServer(`h${i + 1}`, { rack, site: 's' }));
    const vms = ['a', 'b'].map((id) => aVm({ id, host: 'h1', demand: { netTxBytesPerS: 5 * MIB } }));
    const flows = [{ from: 'a', to: 'b', bytesPerS: 1e6 }];
    const datacenter = withSetup({}, anInventory({ hosts, vms, flows }));
    datacenter.advanceTo(HOUR);
    expect(kpis(datacenter)).toMatchObject({ gbAcrossHosts: 0, gbAcrossRacks: 0, gbAcrossSites: 0 });
    move(datacenter, 'b', 'h1', 'h2');
    move(datacenter, 'b', 'h2', 'h3');
    datacenter.advanceTo(2 * HOUR);
    const { gbAcrossHosts, gbAcrossRacks } = kpis(datacenter);
    expect(gbAcrossHosts).toBeCloseTo(0.3, 1);
    expect(gbAcrossHosts + gbAcrossRacks).toBeCloseTo(3.6, 1);
  });
});

describe('what does not go as it should', () => {
  test('a boot may end with the host off again', () => {
    const datacenter = withSetup({ bootFailures: { share: 1, seed: 1 } });
    datacenter.switchOff('h3');
    datacenter.advanceTo(10 * MINUTE);
    datacenter.switchOn('h3');
    datacenter.advanceTo(20 * MINUTE);
    expect(datacenter.powerOf('h3')).toBe('off');
    expect(kpis(datacenter)).toMatchObject({ powerCycles: 1, failedBoots: 1 });
  });

  test('racks share a narrow uplink, and those who stay in their rack do not need it', () => {
    const hosts = ['r1', 'r1', 'r2', 'r2'].map((rack, i) => aServer(`h${i + 1}`, { rack }));
    const traits = { demand: { memoryBytes: 4 * GIB }, memoryActiveBytes: 4 * GIB };
    const vms = ['a', 'b'].map((id, i) => aVm({ id, host: `h${i + 1}`, ...traits }));
    const rackUplinkBytesPerS = MIGRATION_BYTES_PER_S / 4;
    const secondsOf = (to: string) => {
      const datacenter = withSetup({ rackUplinkBytesPerS }, anInventory({ hosts, vms }));
      datacenter.startMigration(order('a', 'h1', to));
      datacenter.advanceTo(10 * MINUTE);
      const end = endOf(datacenter, `a to ${to}`);
      return end?.state === 'done' ? end.seconds : Number.NaN;
    };
    expect(secondsOf('h3') / secondsOf('h2')).toBeGreaterThan(2);
  });
});
