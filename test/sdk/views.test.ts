import { describe, expect, it } from 'vitest';
import { Draft } from '../../src/domain/draft.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { Fleet } from '../../src/sdk/fleet.ts';
import { aHost, aSnapshot, aVm } from '../kit/fleet.ts';

const rising = { demand: { cpuMhz: 1_000 }, cpuLowMhz: 600, cpuPeakMhz: 1_400, cpuSoonMhz: 2_000, cpuLaterMhz: 5_000 };
const draft = new Draft(
  aSnapshot({
    hosts: [aHost({ id: 'h1', reserved: { cpuMhz: 100 } }), aHost({ id: 'h2' })],
    vms: [
      aVm({ id: 'a', ...rising }),
      aVm({ id: 'b', ...rising }),
      aVm({ id: 'c', host: 'h2', demand: { cpuMhz: 300 } }),
    ],
  }),
);
const fleet = new Fleet(draft);

describe('the CPU of a VM and of a host', () => {
  const a = fleet.vmNamed('a')!.cpu;
  const h1 = fleet.hostNamed('h1')!.cpu;

  it.each([
    [0, 1_000],
    [15 * MINUTE, 1_500],
    [30 * MINUTE, 2_000],
    [75 * MINUTE, 3_500],
    [120 * MINUTE, 5_000],
    [600 * MINUTE, 5_000],
  ])('is foreseen %i ms ahead, in straight lines between the forecasts', (aheadMs, mhz) => {
    expect(a.forecast(aheadMs)).toBeCloseTo(mhz, 6);
    expect(h1.forecast(aheadMs)).toBeCloseTo(100 + 2 * mhz, 6);
  });

  it.each([
    [0, 1_000],
    [10 * MINUTE, 900],
    [40 * MINUTE, 600],
    [90 * MINUTE, 600],
  ])('was at least so much within the last %i ms', (withinMs, mhz) => {
    expect(a.lowest(withinMs)).toBeCloseTo(mhz, 6);
    expect(h1.lowest(withinMs)).toBeCloseTo(100 + 2 * mhz, 6);
  });

  it('has peaks that add up', () => {
    expect([a.used, a.peak, h1.used, h1.peak]).toEqual([1_000, 1_400, 2_100, 2_900]);
  });

  it('follows the draft', () => {
    const mark = draft.mark();
    draft.move(0, 1);
    expect(fleet.hostNamed('h2')!.cpu.forecast(30 * MINUTE)).toBe(2_300);
    draft.undo(mark);
    expect(fleet.hostNamed('h2')!.cpu.forecast(30 * MINUTE)).toBe(300);
  });
});

describe('queries', () => {
  it('ask for no more than is needed', () => {
    let looked = 0;
    const found = fleet
      .vms()
      .where((vm) => {
        looked += 1;
        return vm.cpu.used === 1_000;
      })
      .first();
    expect([found?.id, looked]).toEqual(['a', 1]);
  });

  it('count, add, choose and list', () => {
    expect(fleet.hosts().count()).toBe(2);
    expect(fleet.vms().sum((vm) => vm.cpu.used)).toBe(2_300);
    expect(fleet.vms().least((vm) => vm.cpu.used)?.id).toBe('c');
    expect(fleet.hosts().most((host) => host.vmCount)?.id).toBe('h1');
    expect(
      fleet
        .vmsOn(fleet.host(0))
        .map((vm) => vm.id)
        .toArray(),
    ).toEqual(['a', 'b']);
    expect(fleet.hostOf(fleet.vmNamed('c')!).id).toBe('h2');
    expect(
      fleet
        .hosts()
        .where(() => false)
        .most(() => 1),
    ).toBeUndefined();
  });

  it('see the fleet as it is when they begin, and name what they do not know', () => {
    const mark = draft.mark();
    const onH1 = fleet.vmsOn(fleet.host(0));
    expect(onH1.count()).toBe(2);
    draft.move(0, 1);
    expect(onH1.count()).toBe(1);
    draft.undo(mark);
    expect([fleet.hostNamed('h9'), fleet.vmNamed('z')]).toEqual([undefined, undefined]);
  });
});
