import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/domain/units.ts';
import { newDemands } from '../../src/simulator/load-source.ts';
import { DATACENTER_PATTERNS, type DatacenterPattern, patternedLoads } from '../../src/simulator/patterns.ts';
import { PUBLISHED_SERVERS } from '../../src/simulator/published-servers.ts';
import { tracedLoads } from '../../src/simulator/traced-loads.ts';
import { aVm, many } from '../kit/fleet.ts';

const MONDAY_MS = 4 * DAY;
const vms = many(40, (n) => aVm({ id: `vm${n}`, labels: { service: `s${n % 8}` } }));

function wantedAt(pattern: DatacenterPattern, atMs: number, seed = 1): Float64Array {
  const wanted = newDemands(vms.length);
  patternedLoads(vms, pattern, seed).read(atMs, wanted);
  return wanted.cpuMhz;
}

const sumAt = (pattern: DatacenterPattern, atMs: number) => wantedAt(pattern, atMs).reduce((sum, mhz) => sum + mhz, 0);

describe('the load of a datacenter', () => {
  test.each(DATACENTER_PATTERNS)(
    '%s: the same at the same instant, whenever asked, and never less than nothing',
    (pattern) => {
      const loads = patternedLoads(vms, pattern, 3);
      const [once, again] = [newDemands(vms.length), newDemands(vms.length)];
      for (const hour of [0, 5, 12, 40]) loads.read(MONDAY_MS + hour * HOUR, once);
      patternedLoads(vms, pattern, 3).read(MONDAY_MS + 40 * HOUR, again);
      expect(once).toEqual(again);
      expect(Math.min(...once.cpuMhz)).toBeGreaterThanOrEqual(0);
    },
  );

  test('weekly: a Saturday noon is much quieter than a Monday noon', () => {
    const [monday, friday, saturday, nextMonday] = [0, 4, 5, 7].map((day) =>
      sumAt('weekly', MONDAY_MS + (day + 0.5) * DAY),
    );
    expect(saturday!).toBeLessThan(0.7 * monday!);
    expect(friday! / monday!).toBeCloseTo(1, 0);
    expect(nextMonday! / monday!).toBeCloseTo(1, 0);
  });

  test('batch: busy by night', () => {
    expect(sumAt('batch', MONDAY_MS)).toBeGreaterThan(4 * sumAt('batch', MONDAY_MS + DAY / 2));
  });

  test('storms: the VMs of a service are wanted several times as much together, within minutes, and then less and less', () => {
    const minutes = many(2 * 24 * 60, (minute) => MONDAY_MS + minute * MINUTE);
    const factors = minutes.map((atMs) => {
      const [stormy, calm] = [wantedAt('storms', atMs), wantedAt('mixed', atMs)];
      return Array.from(stormy, (mhz, vm) => mhz / calm[vm]!);
    });
    const tops = factors.map((each) => Math.max(...each));
    const most = Math.max(...tops);
    expect(most).toBeGreaterThan(2.4);
    expect(most).toBeLessThanOrEqual(6);
    const peak = tops.indexOf(most);
    const stormed = factors[peak]!.indexOf(most);
    for (let vm = stormed % 8; vm < vms.length; vm += 8) expect(factors[peak]![vm]).toBeCloseTo(most, 6);
    expect(factors[peak - 6]![stormed]!).toBeLessThan(most / 2);
    expect(factors[peak + 30]![stormed]! - 1).toBeLessThan(0.6 * (most - 1));
    const calmShare = factors.flat().filter((factor) => factor === 1).length / factors.flat().length;
    expect(calmShare).toBeGreaterThan(0.3);
  });
});

describe('recorded load', () => {
  const recorded = { intervalSeconds: 300, percents: [Uint8Array.of(10, 20), Uint8Array.of(50, 0)] };
  const two = [aVm({ id: 'a', vcpus: 1 }), aVm({ id: 'b', vcpus: 2 })];
  const read = (atMs: number, seed = 1) => {
    const wanted = newDemands(2);
    tracedLoads(two, recorded, 0, seed).read(atMs, wanted);
    return [...wanted.cpuMhz];
  };

  test('is a share of the VM’s own processors, holds for an interval, and begins again after its end', () => {
    const first = read(0);
    expect([
      [250, 2500],
      [1250, 500],
    ]).toContainEqual(first);
    expect(read(299_999)).toEqual(first);
    expect(read(300_000)).not.toEqual(first);
    expect(read(600_000)).toEqual(first);
  });

  test('goes to other VMs under another seed', () => {
    const seeds = many(8, (seed) => JSON.stringify(read(0, seed)));
    expect(new Set(seeds).size).toBe(2);
  });
});

test('published servers draw more the more they do, and say where that was measured', () => {
  for (const { name, source, powerModel } of PUBLISHED_SERVERS) {
    expect(powerModel.watts, name).toHaveLength(11);
    expect(powerModel.watts, name).toEqual(powerModel.watts.toSorted((a, b) => a - b));
    expect(source).toMatch(/^power_ssj2008-\d{8}-\d{5}$/);
  }
});
