import { describe, expect, test } from 'vitest';
import { estimateMigration } from '../../src/domain/precopy.ts';
import { GIB, MIB, MINUTE, SECOND } from '../../src/domain/units.ts';
import type { MigrationEnd } from '../../src/simulator/events.ts';
import { generateLoads, loadAt, loadsOf } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { anInventory, aVm } from '../kit/fleet.ts';
import { aServer, endOf, MIGRATION_BYTES_PER_S, order, steady, threeHosts } from './datacenters.ts';

function writing(dirtyBytesPerS: number, memoryActiveBytes = 4 * GIB): VirtualDatacenter {
  const vms = [aVm({ id: 'a', host: 'h1', dirtyBytesPerS, memoryActiveBytes })];
  return steady(anInventory({ hosts: [aServer('h1'), aServer('h2')], vms }));
}

function migrated(datacenter: VirtualDatacenter, how: 'live' | 'quick' = 'live'): MigrationEnd & { state: 'done' } {
  expect(datacenter.startMigration(order('a', 'h1', 'h2', how))).toBeUndefined();
  datacenter.advanceTo(30 * MINUTE);
  const end = endOf(datacenter, 'a to h2');
  if (end?.state !== 'done') throw new Error(`ended as ${end?.state}`);
  return end;
}

describe('a live migration', () => {
  test.each([0, 50, 300, 450])('takes what the estimate says while %d MiB/s are written', (mib) => {
    const end = migrated(writing(mib * MIB));
    const estimate = estimateMigration({
      memoryBytes: 4 * GIB,
      dirtyBytesPerS: mib * MIB,
      writableSetBytes: 4 * GIB,
      bytesPerS: MIGRATION_BYTES_PER_S,
    });
    expect(end.seconds).toBeCloseTo(estimate.seconds, 1);
    expect(end.bytes / GIB).toBeCloseTo(estimate.bytes / GIB, 1);
    expect(end.blackoutMs / 10).toBeCloseTo(estimate.blackoutMs / 10, 0);
  });

  test('of a guest that writes faster than can be copied throttles it until it converges', () => {
    const end = migrated(writing(3 * GIB));
    expect(end.blackoutMs).toBeLessThan(400);
    expect(end.bytes).toBeGreaterThan(8 * GIB);
  });

  test('copies no more per round than the guest has in use', () => {
    const wide = migrated(writing(2 * GIB, 4 * GIB));
    const narrow = migrated(writing(2 * GIB, GIB / 8));
    expect(narrow.bytes).toBeLessThanOrEqual(GIB / 4);
    expect(wide.bytes).toBeGreaterThan(8 * GIB);
  });

  test('goes through its states in order and tells of each round', () => {
    const datacenter = writing(300 * MIB);
    datacenter.startMigration(order('a', 'h1', 'h2'));
    datacenter.advanceTo(MINUTE);
    const seen = datacenter.takeEvents().filter((event) => event.kind === 'migration');
    expect([...new Set(seen.map((event) => event.state))]).toEqual(['preparing', 'copying', 'switching', 'finishing']);
    const rounds = seen.map((event) => event.progress.round);
    expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
    const copied = seen.map((event) => event.progress.copiedBytes);
    expect(copied).toEqual(copied.toSorted((a, b) => a - b));
  });

  test('follows the load: what is written in a round is what was written from step to step', () => {
    const traits = { demand: { memoryBytes: 20 * GIB }, memoryActiveBytes: 20 * GIB, dirtyBytesPerS: 50 * MIB };
    const vms = [aVm({ id: 'a', host: 'h1', ...traits })];
    const loads = { ...generateLoads(vms, 1, { lengthMs: 50 * SECOND, midnightMs: 0 }), pattern: new Uint8Array(1) };
    const inventory = anInventory({ hosts: [aServer('h1'), aServer('h2')], vms });
    const datacenter = new VirtualDatacenter({ inventory, loads: loadsOf(vms, loads), startMs: 0 });
    datacenter.startMigration(order('a', 'h1', 'h2'));
    datacenter.advanceTo(MINUTE);
    const told = datacenter.takeEvents().filter((event) => event.kind === 'migration');
    const second = told.find((event) => event.progress.round === 2);
    const [night, dawn, day] = [0, 10, 20].map((seconds) => loadAt(loads, 0, seconds * SECOND));
    const written = 50 * MIB * (9.5 * night! + 10 * dawn! + 0.5 * day!);
    expect(day! / night!).toBeGreaterThan(4);
    expect(second!.progress.remainingBytes / MIB).toBeCloseTo(written / MIB, 3);
  });

  test('keeps to the bandwidth that it was given', () => {
    const datacenter = writing(0);
    datacenter.startMigration({ ...order('a', 'h1', 'h2'), mostBytesPerS: MIGRATION_BYTES_PER_S / 4 });
    datacenter.advanceTo(5 * MINUTE);
    expect(endOf(datacenter, 'a to h2')).toMatchObject({ state: 'done', seconds: expect.closeTo(17, 1) });
  });

  test('gives the memory on its source back', () => {
    const hosts = [aServer('h1', { capacity: { memoryBytes: 6 * GIB } }), aServer('h2')];
    const vms = [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h2' })];
    const datacenter = steady(anInventory({ hosts, vms }));
    expect(datacenter.startMigration(order('b', 'h2', 'h1'))?.because).toContain('h1 has 2 GiB free');
    datacenter.startMigration(order('a', 'h1', 'h2'));
    datacenter.advanceTo(MINUTE);
    expect(datacenter.startMigration(order('b', 'h2', 'h1'))).toBeUndefined();
  });

  test('slows its guest down a little and costs both ends processor time', () => {
    const datacenter = writing(0);
    const before = datacenter.measure().hosts.cpuMhz;
    datacenter.startMigration(order('a', 'h1', 'h2'));
    datacenter.advanceTo(2 * SECOND);
    const during = datacenter.measure().hosts.cpuMhz;
    expect(during[0]).toBeGreaterThan(before[0]!);
    expect(during[1]).toBeGreaterThan(before[1]!);
    expect(datacenter.starvedCoreHours).toBeGreaterThan(0);
  });
});

describe('migrations that meet', () => {
  test('share the network of the host that they have in common', () => {
    const alone = steady(threeHosts());
    alone.startMigration(order('a', 'h1', 'h3'));
    alone.advanceTo(MINUTE);
    const aloneEnd = endOf(alone, 'a to h3');
    const both = steady(threeHosts());
    both.startMigration(order('a', 'h1', 'h3'));
    both.startMigration(order('c', 'h2', 'h3'));
    both.advanceTo(MINUTE);
    const bothEnd = endOf(both, 'a to h3');
    if (aloneEnd?.state !== 'done' || bothEnd?.state !== 'done') throw new Error('not done');
    expect(bothEnd.seconds - 1).toBeCloseTo(2 * (aloneEnd.seconds - 1), 1);
  });

  test('speed up when the other has ended', () => {
    const datacenter = steady(threeHosts());
    datacenter.startMigration(order('a', 'h1', 'h3'));
    datacenter.advanceTo(2.5 * SECOND);
    datacenter.startMigration(order('c', 'h2', 'h3'));
    datacenter.advanceTo(MINUTE);
    const ends = datacenter.takeEvents().filter((event) => event.kind === 'migration-ended');
    // 2.5 GiB of the first alone, 1.5 GiB of each together, 2.5 GiB of the second alone: 8 GiB in all, at full speed.
    expect(ends.map((event) => event.id)).toEqual(['a to h3', 'c to h3']);
    expect(ends[1]!.atMs / SECOND).toBeCloseTo(9, 1);
  });

  test('leave each other alone on hosts of their own', () => {
    const inventory = threeHosts();
    const datacenter = steady({ ...inventory, hosts: [...inventory.hosts, aServer('h4')] });
    datacenter.startMigration(order('a', 'h1', 'h3'));
    datacenter.startMigration(order('c', 'h2', 'h4'));
    datacenter.advanceTo(MINUTE);
    const ends = datacenter.takeEvents().filter((event) => event.kind === 'migration-ended');
    expect(ends.map((event) => event.atMs / SECOND)).toEqual([expect.closeTo(5, 1), expect.closeTo(5, 1)]);
  });
});

describe('a quick migration', () => {
  test('writes memory once and reads it once, with the guest stopped from beginning to end', () => {
    const end = migrated(writing(3 * GIB), 'quick');
    expect(end).toMatchObject({ seconds: expect.closeTo(9, 1), bytes: 8 * GIB, blackoutMs: 8 * SECOND });
  });

  describe('gives its room back while its guest is saved', () => {
    /** a fills h1, b fills h2; a is saved and waits for b to leave. */
    function swapping(): VirtualDatacenter {
      const full = { capacity: { memoryBytes: 4 * GIB } };
      const vms = [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h2' })];
      const datacenter = steady(anInventory({ hosts: [aServer('h1', full), aServer('h2', full)], vms }));
      expect(datacenter.startMigration(order('a', 'h1', 'h2', 'quick'))).toBeUndefined();
      datacenter.advanceTo(MINUTE);
      return datacenter;
    }

    test('so that two full hosts can swap', () => {
      const datacenter = swapping();
      expect(datacenter.inventory().flights).toEqual([{ vm: 'a', from: 'h1', to: 'h2', quick: 'saved' }]);
      expect(datacenter.startMigration(order('b', 'h2', 'h1'))).toBeUndefined();
      datacenter.advanceTo(MINUTE + 8 * SECOND);
      expect(['a', 'b'].map((vm) => datacenter.hostOf(vm))).toEqual(['h1', 'h1']);
      datacenter.advanceTo(2 * MINUTE);
      expect(['a', 'b'].map((vm) => datacenter.hostOf(vm))).toEqual(['h2', 'h1']);
      expect(datacenter.measure().vms.cpuMhz[0]).toBe(1000);
    });

    test('and goes back when it is cancelled, or waits for too long', () => {
      const cancelled = swapping();
      expect(cancelled.cancelMigration('a to h2')).toBe(true);
      cancelled.advanceTo(2 * MINUTE);
      expect(endOf(cancelled, 'a to h2')).toEqual({ state: 'cancelled' });
      const forgotten = swapping();
      forgotten.advanceTo(60 * MINUTE);
      expect(endOf(forgotten, 'a to h2')).toEqual({ state: 'failed', because: 'no room on h2 for too long' });
      for (const datacenter of [cancelled, forgotten]) {
        expect(datacenter.hostOf('a')).toBe('h1');
        expect(datacenter.measure().vms.cpuMhz[0]).toBe(1000);
      }
    });

    test('and goes back when the host that it waits for crashes', () => {
      const datacenter = swapping();
      datacenter.startMigration(order('b', 'h2', 'h1'));
      datacenter.crash('h2');
      datacenter.advanceTo(20 * MINUTE);
      expect(datacenter.inventory().flights).toEqual([]);
      expect(datacenter.hostOf('a')).toBe('h1');
    });
  });

  test('is not begun to a host that could never hold it', () => {
    const vms = [aVm({ id: 'a', host: 'h1' })];
    const small = aServer('h2', { capacity: { memoryBytes: 3 * GIB } });
    const datacenter = steady(anInventory({ hosts: [aServer('h1'), small], vms }));
    expect(datacenter.startMigration(order('a', 'h1', 'h2', 'quick'))?.because).toBe(
      'a needs 4 GiB, and h2 has 3 GiB in all',
    );
  });

  test('lets the guest run again when it is cancelled', () => {
    const datacenter = writing(0);
    datacenter.startMigration(order('a', 'h1', 'h2', 'quick'));
    datacenter.advanceTo(2 * SECOND);
    expect(datacenter.measure().vms.cpuMhz[0]).toBe(0);
    expect(datacenter.cancelMigration('a to h2')).toBe(true);
    expect(datacenter.measure().vms.cpuMhz[0]).toBe(1000);
    expect(datacenter.hostOf('a')).toBe('h1');
  });
});

describe('cancelling', () => {
  test.each([
    ['preparing', 100, true],
    ['copying', 2_000, true],
    ['switching', 4_510, false],
    ['finishing', 4_600, false],
    ['ended', 10_000, false],
  ])('while %s, after %d ms: %s', (_, afterMs, isPossible) => {
    const datacenter = writing(0);
    datacenter.startMigration(order('a', 'h1', 'h2'));
    datacenter.advanceTo(afterMs);
    expect(datacenter.cancelMigration('a to h2')).toBe(isPossible);
    datacenter.advanceTo(MINUTE);
    expect(datacenter.hostOf('a')).toBe(isPossible ? 'h1' : 'h2');
    expect(endOf(datacenter, 'a to h2')?.state).toBe(isPossible ? 'cancelled' : 'done');
    expect(datacenter.inventory().flights).toEqual([]);
  });

  test('what does not exist is not possible', () => {
    expect(writing(0).cancelMigration('nothing')).toBe(false);
  });
});

describe('what a hypervisor refuses', () => {
  const full = aServer('h3', { capacity: { memoryBytes: 3 * GIB } });
  const poor = aServer('h3', { storages: [], vlans: [], cpu: { vendor: 'AMD', model: '', features: [] } });
  test.each([
    ['an unknown VM', {}, {}, { vm: 'x' }, 'there is no VM x'],
    ['an unknown host', {}, {}, { to: 'x' }, 'there is no host x'],
    ['a VM that is elsewhere', {}, {}, { from: 'h2' }, 'a is on h1 and not on h2'],
    ['a move to where it is', {}, {}, { to: 'h1' }, 'a is on h1 already'],
    ['a VM with a device', { migratable: false }, {}, {}, 'a is tied to a device of h1'],
    ['a full target', {}, full, {}, 'a needs 4 GiB, and h3 has 3 GiB free'],
    ['a target that is off', {}, { power: 'off' as const }, {}, 'h3 is not on'],
    ['a target without network', {}, { migrationBytesPerS: 0 }, {}, 'h3 has no migration network'],
    ['a missing storage', { storages: ['san'] }, poor, {}, 'h3 does not see san, where a has its disks'],
    ['a missing VLAN', { vlans: ['web'] }, poor, {}, 'h3 has no way to VLAN web, which a uses'],
    ['another vendor', { cpuNeeds: { vendor: 'Intel', features: [] } }, poor, {}, 'a needs a processor by Intel'],
    ['a missing feature', { cpuNeeds: { vendor: '', features: ['avx2'] } }, poor, {}, 'the processor of h3 lacks avx2'],
  ])('%s', (_, vmTraits, hostTraits, parts, sentence) => {
    const inventory = anInventory({
      hosts: [aServer('h1'), aServer('h2'), { ...aServer('h3'), ...hostTraits }],
      vms: [aVm({ id: 'a', host: 'h1', ...vmTraits })],
    });
    const datacenter = steady(inventory);
    expect(datacenter.startMigration({ ...order('a', 'h1', 'h3'), ...parts })?.because).toContain(sentence);
    expect(datacenter.takeEvents()).toEqual([]);
  });

  test('a second migration of the same VM', () => {
    const datacenter = steady(threeHosts());
    datacenter.startMigration(order('a', 'h1', 'h3'));
    expect(datacenter.startMigration(order('a', 'h1', 'h2'))?.because).toBe('a is being migrated');
  });

  test('a target whose memory is promised to another migration', () => {
    const hosts = [aServer('h1'), aServer('h2'), aServer('h3', { capacity: { memoryBytes: 6 * GIB } })];
    const datacenter = steady({ ...threeHosts(), hosts });
    datacenter.startMigration(order('a', 'h1', 'h3'));
    expect(datacenter.startMigration(order('c', 'h2', 'h3'))?.because).toBe('c needs 4 GiB, and h3 has 2 GiB free');
    datacenter.cancelMigration('a to h3');
    expect(datacenter.startMigration(order('c', 'h2', 'h3'))).toBeUndefined();
  });
});
