import { describe, expect, test } from 'vitest';
import { GIB, HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import type { Coming } from '../../src/simulator/comings.ts';
import { steadyLoads } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { aServer, endOf, order, threeHosts } from './datacenters.ts';

const APPEARS = { kind: 'appears', vm: 'c', atMs: 10 * MINUTE, host: 'h2' } as const;
const GOES = { kind: 'goes', vm: 'a', atMs: 10 * MINUTE } as const;

function withComings(comings: readonly Coming[], inventory = threeHosts()): VirtualDatacenter {
  return new VirtualDatacenter({ inventory, loads: steadyLoads(inventory.vms), startMs: 0, comings });
}

const names = (datacenter: VirtualDatacenter) => datacenter.inventory().vms.map(({ id }) => id);

describe('VMs that come and go', () => {
  test('are there only while they are, and use nothing before and after', () => {
    const datacenter = withComings([APPEARS, { kind: 'goes', vm: 'c', atMs: 20 * MINUTE }]);
    expect(names(datacenter)).toEqual(['a', 'b']);
    expect(datacenter.hostOf('c')).toBeUndefined();
    expect(datacenter.measure().vms.cpuMhz[2]).toBeNaN();
    const usedOn = () => datacenter.measure().hosts.cpuMhz[1]!;
    const idle = usedOn();
    datacenter.advanceTo(10 * MINUTE);
    expect(names(datacenter)).toEqual(['a', 'b', 'c']);
    expect(usedOn()).toBeGreaterThan(idle);
    datacenter.advanceTo(20 * MINUTE);
    expect(names(datacenter)).toEqual(['a', 'b']);
    expect(usedOn()).toBe(idle);
    expect(datacenter.switchOff('h2')).toBeUndefined();
  });

  test('go where there is room when their host is off, and wait where there is none', () => {
    const elsewhere = withComings([APPEARS]);
    elsewhere.switchOff('h2');
    elsewhere.advanceTo(10 * MINUTE);
    expect(elsewhere.hostOf('c')).toBe('h3');
    const full = threeHosts();
    const tight = { ...full, hosts: full.hosts.map(({ id }) => aServer(id, { capacity: { memoryBytes: 8 * GIB } })) };
    const waiting = withComings([APPEARS], tight);
    for (const host of ['h2', 'h3']) waiting.switchOff(host);
    waiting.advanceTo(HOUR);
    expect(waiting.hostOf('c')).toBeUndefined();
    waiting.switchOn('h3');
    waiting.advanceTo(2 * HOUR);
    expect(waiting.hostOf('c')).toBe('h3');
  });

  test('cannot be migrated while they are not there, and leave after a migration that is under way', () => {
    expect(withComings([APPEARS]).startMigration(order('c', 'h2', 'h3'))?.because).toBe('there is no VM c');
    const datacenter = withComings([GOES]);
    datacenter.advanceTo(10 * MINUTE - SECOND);
    datacenter.startMigration(order('a', 'h1', 'h3'));
    datacenter.advanceTo(10 * MINUTE);
    expect(datacenter.hostOf('a')).toBe('h1');
    datacenter.advanceTo(12 * MINUTE);
    expect(endOf(datacenter, 'a to h3')).toMatchObject({ state: 'done' });
    expect(datacenter.hostOf('a')).toBeUndefined();
  });
});
