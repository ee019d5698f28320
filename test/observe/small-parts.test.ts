import { describe, expect, it } from 'vitest';
import { CPU } from '../../src/domain/resources.ts';
import { SECOND } from '../../src/domain/units.ts';
import { hostCeilings, vmCeilings } from '../../src/observe/ceilings.ts';
import { InternedIds } from '../../src/observe/interning.ts';
import { Pacing } from '../../src/observe/pacing.ts';
import { sharedWith } from '../../src/observe/sharing.ts';
import { aHost, aSnapshot, aVm } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';

it('interning gives each id one number, hosts and VMs apart', () => {
  const ids = new InternedIds();
  expect([ids.host('a'), ids.host('b'), ids.host('a'), ids.vm('b'), ids.vm('a')]).toEqual([0, 1, 0, 0, 1]);
});

describe('pacing', () => {
  function paced(actSeconds = 0) {
    const clock = new VirtualClock();
    const acts: { readonly atS: number; readonly reasons: readonly string[] }[] = [];
    const pacing = new Pacing(clock, 20 * SECOND, (reasons) => {
      acts.push({ atS: clock.nowMs() / SECOND, reasons });
      return new Promise((done) => clock.after(actSeconds * SECOND, done));
    });
    return { clock, acts, pacing };
  }

  it('makes one of what is asked for within the gap', async () => {
    const { clock, acts, pacing } = paced();
    for (const reason of ['a', 'b', 'a']) pacing.request(reason);
    await clock.advance(SECOND);
    for (const reason of ['c', 'd']) pacing.request(reason);
    await clock.advance(60 * SECOND);
    expect(acts).toEqual([
      { atS: 0, reasons: ['a', 'b'] },
      { atS: 20, reasons: ['c', 'd'] },
    ]);
  });

  it('never does two at once, and forgets nothing that was asked for meanwhile', async () => {
    const { clock, acts, pacing } = paced(50);
    pacing.request('a');
    await clock.advance(10 * SECOND);
    pacing.request('b');
    await clock.advance(100 * SECOND);
    expect(acts.map(({ atS }) => atS)).toEqual([0, 70]);
  });

  it('does not wait for the time when a clock was wrong that has been put back', async () => {
    const { clock, acts } = paced();
    let aheadMs = 90 * 60 * SECOND;
    const wrong = { nowMs: () => clock.nowMs() + aheadMs, after: clock.after.bind(clock) };
    const pacing = new Pacing(wrong, 20 * SECOND, async (reasons) => {
      acts.push({ atS: clock.nowMs() / SECOND, reasons });
    });
    pacing.request('a');
    await clock.advance(SECOND);
    aheadMs = 0;
    pacing.request('b');
    await clock.advance(100 * SECOND);
    expect(acts.map(({ atS }) => atS)).toEqual([0, 21]);
  });

  it('does nothing once stopped', async () => {
    const { clock, acts, pacing } = paced();
    pacing.request('a');
    pacing.stop();
    pacing.request('b');
    await clock.advance(100 * SECOND);
    expect(acts).toEqual([]);
  });
});

describe('sharing', () => {
  const parts = { hosts: [aHost()], vms: [aVm({ id: 'a' }), aVm({ id: 'b' })] };

  it('keeps every column that is equal, and only those', () => {
    const before = aSnapshot(parts);
    const busier = [aVm({ id: 'a' }), aVm({ id: 'b', demand: { cpuMhz: 1700 } })];
    const after = sharedWith(before, aSnapshot({ ...parts, vms: busier }));
    expect(after.vms.demand[CPU]).not.toBe(before.vms.demand[CPU]);
    expect(after.vms.demand[CPU]![1]).toBe(1700);
    expect(after.vms.demand[CPU + 1]).toBe(before.vms.demand[CPU + 1]);
    expect(after.vms.index).toBe(before.vms.index);
    for (const key of ['ids', 'host', 'known', 'storageSet'] as const) expect(after.vms[key]).toBe(before.vms[key]);
    expect(after.hosts.capacity[CPU]).toBe(before.hosts.capacity[CPU]);
  });

  it('changes no content, whatever came or went', () => {
    const before = aSnapshot(parts);
    const fresh = aSnapshot({ ...parts, vms: [aVm({ id: 'b' }), aVm({ id: 'c' }), aVm({ id: 'a' })] });
    expect(sharedWith(before, fresh)).toEqual(fresh);
  });
});

describe('ceilings', () => {
  const host = aHost({ cores: 10, capacity: { cpuMhz: 20_000, netRxBytesPerS: 0 } });
  const { hosts, vms } = aSnapshot({ hosts: [host], vms: [aVm({ vcpus: 4 })] });

  it('of a host are half as much again as it has, where that is known', () => {
    expect(hostCeilings(hosts).get('cpuMhz')![0]).toBe(30_000);
    expect(hostCeilings(hosts).get('netRxBytesPerS')![0]).toBe(Infinity);
  });

  it('of a VM follow from its vCPUs on the fastest core', () => {
    expect(vmCeilings(vms, hosts).get('cpuMhz')![0]).toBe(4 * 2_000 * 1.5);
  });
});
