import { describe, expect, it } from 'vitest';
import { localRegression, medianDeviation, quartileRange, threshold } from '../bench/planetlab/detectors.ts';
import { measure } from '../bench/planetlab/measure.ts';
import { hostKind, SAMPLES_PER_DAY, wantedShare, wattsAt } from '../bench/planetlab/model.ts';
import { COMPATIBLE, REPAIRED } from '../bench/planetlab/settings.ts';
import { shareOut } from '../bench/planetlab/sharing.ts';

const steady = (percent: number) => new Uint8Array(SAMPLES_PER_DAY).fill(percent);
const G4 = hostKind(0);

describe('the published experiment', () => {
  it('goes straight between samples, and stands still after the last', () => {
    const percents = steady(10);
    percents[1] = 20;
    expect(wantedShare(percents, 150)).toBeCloseTo(0.15);
    expect(wantedShare(percents, 300)).toBe(0.2);
    expect(wantedShare(percents, 86_399)).toBe(0.1);
  });

  it.each([
    [0, 86],
    [0.05, 87.7],
    [1, 117],
  ])('draws power along the curve: at %d it is %d W', (share, watts) => {
    expect(wattsAt(G4, share)).toBeCloseTo(watts);
  });

  it('gives all that is wanted while there is enough, and shares in proportion when there is not', () => {
    const staying = { wantedMips: 1000, phase: 'staying' as const };
    const claims = [staying, { ...staying, phase: 'leaving' as const }, { ...staying, phase: 'arriving' as const }];
    expect(shareOut(claims, G4)).toEqual([1000, 900, 100]);
    const many = [...claims, { ...staying, wantedMips: 9000 }];
    expect(shareOut(many, G4)[3]).toBe(Math.floor((1860 * G4.mips) / (1000 + 1000 + 100 + 1860)));
  });

  const burden = (history: readonly number[], wantedMips: number) => {
    const padded = Float64Array.from({ length: 30 }, (_, i) => history[i] ?? 0);
    return { mips: 1000, wantedMips, history: padded, largestMb: 613 };
  };
  const quiet = Array.from({ length: 30 }, () => 0.5);
  const rising = Array.from({ length: 30 }, (_, i) => Math.max(0.01, 0.9 - 0.02 * i));

  it.each([
    ['a fixed share', threshold(0.8), burden(quiet, 790), burden(quiet, 810)],
    ['the median deviation', medianDeviation(2.5), burden(quiet, 1000), burden(rising, 900)],
    ['the range of quartiles', quartileRange(1.5), burden(quiet, 1000), burden(rising, 900)],
    ['a line through the last', localRegression(1.2, '3.0.3'), burden(quiet, 500), burden(rising, 800)],
    ['a weighted line', localRegression(1.2, '3.0'), burden(quiet, 500), burden(rising, 850)],
    ['too little history', localRegression(1.2, '3.0'), burden([0.9], 700), burden([0.9], 701)],
  ])('tells overload by %s', (_name, detect, calm, over) => {
    expect(detect(calm)).toBe(false);
    expect(detect(over)).toBe(true);
  });

  it('charges nothing for hosts that do nothing, and for the first interval', () => {
    const { energyKwh, migrations } = measure([steady(0), steady(50)], COMPATIBLE, 'dvfs', '3.0');
    // VM 1 has 2000 MIPS and is on host 3: the first that it fits beside nobody.
    const watts = wattsAt(hostKind(1), (0.5 * 2000) / hostKind(1).mips);
    expect(energyKwh).toBeCloseTo((watts * 286 * 300) / 3.6e6, 6);
    expect(migrations).toBe(0);
  });

  it('removes idle VMs only where that is so, and then their hosts draw power', () => {
    const { energyKwh } = measure([steady(0), steady(50)], COMPATIBLE, 'dvfs', '3.0');
    const kept = measure([steady(0), steady(50)], REPAIRED, 'dvfs', '3.0');
    expect(kept.energyKwh).toBeGreaterThan(energyKwh);
    expect(kept.hostHours).toBeGreaterThan(0);
  });

  it('switches hosts at a price, and counts those that come back', () => {
    const burst = steady(5);
    burst.fill(95, 20, 40);
    const wave = Array.from({ length: 12 }, () => burst);
    const { switchedOff, powerCycles, switchingKwh, migrations } = measure(wave, REPAIRED, 'thr', '3.0');
    expect(migrations).toBeGreaterThan(0);
    expect(switchedOff).toBeGreaterThan(powerCycles);
    expect(powerCycles).toBeGreaterThan(0);
    expect(switchingKwh).toBeGreaterThan(0);
  });
});
