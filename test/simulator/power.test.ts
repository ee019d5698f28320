import { describe, expect, test } from 'vitest';
import { wattsAt } from '../../src/domain/power.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import { generateLoads, loadsOf } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { anInventory, aVm } from '../kit/fleet.ts';
import { aServer, endOf, order, steady, threeHosts } from './datacenters.ts';

const POWER = { watts: [100, 200], offWatts: 5, bootSeconds: 180, shutdownSeconds: 60 };

describe('switching', () => {
  test('takes its time, and tells of each state', () => {
    const datacenter = steady(threeHosts());
    expect(datacenter.switchOff('h3')).toBeUndefined();
    datacenter.advanceTo(59 * SECOND);
    expect(datacenter.powerOf('h3')).toBe('shutting-down');
    datacenter.advanceTo(60 * SECOND);
    expect(datacenter.powerOf('h3')).toBe('off');
    datacenter.switchOn('h3');
    datacenter.advanceTo(239 * SECOND);
    expect(datacenter.powerOf('h3')).toBe('booting');
    datacenter.advanceTo(240 * SECOND);
    const told = datacenter
      .takeEvents()
      .map((event) => event.kind === 'host-power' && [event.power, event.atMs / SECOND]);
    expect(told).toEqual([
      ['shutting-down', 0],
      ['off', 60],
      ['booting', 60],
      ['on', 240],
    ]);
    expect(datacenter.inventory().hosts[2]!.lastPowerChangeAtMs).toBe(240 * SECOND);
  });

  test('off is refused while VMs or migrations need the host', () => {
    const datacenter = steady(threeHosts());
    expect(datacenter.switchOff('h1')?.because).toBe('2 VMs are on h1');
    datacenter.startMigration(order('a', 'h1', 'h3'));
    expect(datacenter.switchOff('h3')?.because).toBe('a migration to or from h3 is under way');
    expect(datacenter.switchOff('x')?.because).toBe('there is no host x');
  });

  test('in the middle of the opposite is refused', () => {
    const datacenter = steady(threeHosts());
    datacenter.switchOff('h3');
    expect(datacenter.switchOn('h3')?.because).toBe('h3 is shutting down');
    datacenter.advanceTo(MINUTE);
    datacenter.switchOn('h3');
    expect(datacenter.switchOff('h3')?.because).toBe('h3 is booting');
  });

  test('to where a host is or is going changes nothing', () => {
    const datacenter = steady(threeHosts());
    expect(datacenter.switchOn('h1')).toBeUndefined();
    datacenter.switchOff('h3');
    datacenter.advanceTo(30 * SECOND);
    datacenter.switchOff('h3');
    datacenter.advanceTo(60 * SECOND);
    expect(datacenter.powerOf('h3')).toBe('off');
    expect(datacenter.powerOf('h1')).toBe('on');
  });
});

describe('energy', () => {
  test('of a host in each state is exact', () => {
    const host = aServer('h1', { powerModel: POWER, capacity: { cpuMhz: 1000 }, cores: 1 });
    const datacenter = steady(anInventory({ hosts: [host] }));
    datacenter.advanceTo(HOUR);
    expect(datacenter.energyWattHours).toBeCloseTo(100, 9);
    datacenter.switchOff('h1');
    datacenter.advanceTo(HOUR + MINUTE);
    expect(datacenter.energyWattHours).toBeCloseTo(100 + wattsAt(POWER, 0.2) / 60, 9);
    datacenter.advanceTo(2 * HOUR + MINUTE);
    expect(datacenter.energyWattHours).toBeCloseTo(105 + wattsAt(POWER, 0.2) / 60, 9);
  });

  test('follows the load', () => {
    const host = aServer('h1', { powerModel: POWER, capacity: { cpuMhz: 4000 }, cores: 4 });
    const datacenter = steady(anInventory({ hosts: [host], vms: [aVm({ demand: { cpuMhz: 2000 } })] }));
    datacenter.advanceTo(HOUR);
    expect(datacenter.energyWattHours).toBeCloseTo(150, 9);
  });

  test('is the same however often one looks', () => {
    const { vms, hosts } = threeHosts();
    const loads = loadsOf(vms, generateLoads(vms, 1, { lengthMs: HOUR, midnightMs: 0 }));
    const make = () => new VirtualDatacenter({ inventory: anInventory({ hosts, vms }), loads, startMs: 0 });
    const [looked, once] = [make(), make()];
    for (let atMs = 0; atMs <= HOUR; atMs += 7_777) {
      looked.advanceTo(atMs);
      expect(looked.energyWattHours).toBeGreaterThanOrEqual(0);
    }
    looked.advanceTo(HOUR);
    once.advanceTo(HOUR);
    expect(looked.energyWattHours).toBe(once.energyWattHours);
  });
});

test('an overloaded host shares its processors out and counts what was not served', () => {
  const host = aServer('h1', { capacity: { cpuMhz: 4000 }, cores: 2 });
  const vms = ['a', 'b'].map((id) => aVm({ id, vcpus: 4, demand: { cpuMhz: 3000 } }));
  const datacenter = steady(anInventory({ hosts: [host], vms }));
  datacenter.advanceTo(HOUR);
  const { hosts, vms: measured } = datacenter.measure();
  expect(hosts.cpuMhz[0]).toBe(4000);
  expect([...measured.cpuMhz]).toEqual([3000, 3000]);
  expect(datacenter.starvedCoreHours).toBeCloseTo(1, 9);
});

describe('a crash', () => {
  test('takes the VMs down until the host has booted', () => {
    const datacenter = steady(threeHosts());
    expect(datacenter.crash('h1')).toBeUndefined();
    expect(datacenter.powerOf('h1')).toBe('booting');
    expect([...datacenter.measure().vms.cpuMhz]).toEqual([Number.NaN, Number.NaN, 1000]);
    datacenter.advanceTo(180 * SECOND);
    expect([...datacenter.measure().vms.cpuMhz]).toEqual([1000, 1000, 1000]);
    expect(datacenter.starvedCoreHours).toBeCloseTo((2 * 1000) / 2500 / 20, 9);
  });

  test.each(['h1', 'h3'])('of %s fails the migration from h1 to h3, and the VM stays where it was', (dead) => {
    const datacenter = steady(threeHosts());
    datacenter.startMigration(order('a', 'h1', 'h3'));
    datacenter.advanceTo(2 * SECOND);
    datacenter.crash(dead);
    expect(endOf(datacenter, 'a to h3')).toEqual({ state: 'failed', because: `${dead} crashed` });
    datacenter.advanceTo(10 * MINUTE);
    expect(datacenter.hostOf('a')).toBe('h1');
    expect(datacenter.inventory().flights).toEqual([]);
  });

  test('is refused where nothing runs', () => {
    const datacenter = steady(threeHosts());
    datacenter.switchOff('h3');
    expect(datacenter.crash('h3')?.because).toBe('h3 is not on');
  });
});

test('a datacenter does not begin with VMs on a host that is off', () => {
  const inventory = anInventory({ hosts: [aServer('h1', { power: 'off' })], vms: [aVm()] });
  expect(() => steady(inventory)).toThrow('VM vm1 is on h1, which is off');
});
