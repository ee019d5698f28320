import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/domain/units.ts';
import {
  generateLoads,
  LOAD_PATTERNS,
  type LoadPattern,
  type Loads,
  loadAt,
  readLoads,
  steadyLoads,
} from '../../src/simulator/load.ts';
import { newDemands } from '../../src/simulator/load-source.ts';
import { aVm } from '../kit/fleet.ts';

/** Many VMs of one pattern, so that their bursts and rushes even out. */
function loadsOf(pattern: LoadPattern, lengthMs = DAY): Loads {
  const vms = Array.from({ length: 2000 }, (_, i) => aVm({ id: `vm${i}`, host: `h${i}` }));
  const loads = generateLoads(vms, 1, { lengthMs, midnightMs: 0 });
  return { ...loads, pattern: new Uint8Array(vms.length).fill(LOAD_PATTERNS.indexOf(pattern)) };
}

function meanAt(loads: Loads, atMs: number): number {
  const all = new Float64Array(loads.pattern.length);
  readLoads(loads, atMs, all);
  return all.reduce((sum, load) => sum + load, 0) / all.length;
}

describe('load over the day', () => {
  test.each<[LoadPattern, number, number, number]>([
    ['diurnal', 12, 0.95, 1.1],
    ['diurnal', 3, 0.15, 0.25],
    ['diurnal', 23, 0.15, 0.25],
    ['bursty', 12, 0.9, 1.15],
    ['bursty', 3, 0.15, 0.25],
    ['flat', 12, 0.95, 1.05],
    ['flat', 3, 0.95, 1.05],
    ['batch', 12, 0.05, 0.15],
    ['batch', 3, 0.95, 1.05],
  ])('%s at %d h lies between %d and %d', (pattern, hour, low, high) => {
    const mean = meanAt(loadsOf(pattern), hour * HOUR);
    expect(mean).toBeGreaterThan(low);
    expect(mean).toBeLessThan(high);
  });

  test('a day may have any length', () => {
    const long = loadsOf('diurnal');
    const short = loadsOf('diurnal', 2 * HOUR);
    for (let hour = 0; hour < 24; hour++) {
      expect(meanAt(short, hour * 5 * MINUTE)).toBeCloseTo(meanAt(long, hour * HOUR), 6);
    }
  });

  test('is a pure function of time, the same for one VM as for all', () => {
    const vms = Array.from({ length: 50 }, (_, i) => aVm({ id: `vm${i}`, host: `h${i % 5}` }));
    const loads = generateLoads(vms, 3, { lengthMs: DAY, midnightMs: 0 });
    fc.assert(
      fc.property(fc.integer({ min: -2 * DAY, max: 2 * DAY }), (atMs) => {
        const all = new Float64Array(vms.length);
        readLoads(loads, atMs, all);
        expect([...all]).toEqual(vms.map((_, vm) => loadAt(loads, vm, atMs)));
        expect(Math.min(...all)).toBeGreaterThan(0);
      }),
    );
  });

  test('never jumps: dusk, dawn, bursts and rushes come within minutes and not at once', () => {
    const vms = Array.from({ length: 50 }, (_, i) => aVm({ id: `vm${i}`, host: `h${i % 5}` }));
    const loads = generateLoads(vms, 3, { lengthMs: DAY, midnightMs: 0 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: DAY }), fc.nat(49), (atMs, vm) => {
        expect(Math.abs(loadAt(loads, vm, atMs + MINUTE) - loadAt(loads, vm, atMs))).toBeLessThan(0.2);
      }),
    );
  });

  test('VMs of one zone have their rushes together', () => {
    const vms = Array.from({ length: 40 }, (_, i) => aVm({ id: `vm${i}`, host: `h${i % 2}` }));
    const loads = { ...generateLoads(vms, 5, { lengthMs: DAY, midnightMs: 0 }), pattern: new Uint8Array(40) };
    const rushes: number[] = [];
    for (let minute = 9 * 60; minute < 17 * 60; minute += 30) {
      for (const zone of [0, 1]) {
        const members = vms.map((_, vm) => vm).filter((vm) => loads.zone[vm] === zone);
        const factors = members.map((vm) => loadAt(loads, vm, minute * MINUTE) / loads.amplitude[vm]!);
        expect(Math.max(...factors) - Math.min(...factors)).toBeLessThan(1e-9);
        rushes.push(factors[0]!);
      }
    }
    expect(Math.max(...rushes)).toBeGreaterThan(1.2);
  });

  test('steady load is what the inventory says, always', () => {
    const vms = [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h1', liveSessions: 3, dirtyBytesPerS: 7 })];
    const wanted = newDemands(vms.length);
    steadyLoads(vms).read(12_345, wanted);
    expect([...wanted.cpuMhz]).toEqual(vms.map((vm) => vm.demand.cpuMhz));
    expect([...wanted.dirtyBytesPerS]).toEqual([0, 7]);
    expect([...wanted.liveSessions]).toEqual([0, 3]);
  });
});
