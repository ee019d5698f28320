import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, DEFAULT_SIMULATED } from '../../src/config/defaults.ts';
import type { Column } from '../../src/domain/columns.ts';
import { CPU } from '../../src/domain/resources.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { createEmbeddedDatacenter } from '../../src/drivers/simulated/embedded-datacenter.ts';
import { SimulatedDriver } from '../../src/drivers/simulated/simulated-driver.ts';
import { Observatory } from '../../src/observe/observatory.ts';
import { NOON_MS } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { KeptLog } from './kit.ts';

const { observe } = DEFAULT_SETTINGS;
const DAY_MS = observe.seasonMinutes * MINUTE;
const LATER_MS = observe.laterMinutes * MINUTE;

interface Sight {
  readonly atMs: number;
  readonly nowMhz: number;
  readonly laterMhz: number;
}

const total = (column: Column) =>
  Array.from({ length: column.length }, (_, i) => column[i]!).reduce((a, b) => a + b, 0);

/** Two days of the embedded datacenter, which nobody keeps in shape. */
async function twoDays() {
  const clock = new VirtualClock(NOON_MS);
  const datacenter = createEmbeddedDatacenter(DEFAULT_SIMULATED, NOON_MS);
  if ('because' in datacenter) throw new Error(datacenter.because);
  const driver = new SimulatedDriver({ datacenter, clock });
  const observatory = new Observatory({ driver, clock, log: new KeptLog(), settings: observe, rules: [] });
  const sights: Sight[] = [];
  observatory.snapshots.subscribe(({ atMs, vms }) => {
    sights.push({ atMs: atMs - NOON_MS, nowMhz: total(vms.demand[CPU]!), laterMhz: total(vms.cpuLaterMhz) });
  });
  await observatory.start();
  await clock.advance(DAY_MS / 2);
  const early = observatory.forecastState();
  await clock.advance(1.5 * DAY_MS + MINUTE);
  const late = observatory.forecastState();
  observatory.stop();
  await driver.close();
  return { sights, early, late };
}

it('the second day of the embedded datacenter is foreseen from the first', async () => {
  const { sights, early, late } = await twoDays();
  expect(early['too little history']).toBe(DEFAULT_SIMULATED.vms);
  expect(late['too little history']).toBe(0);
  const stepMs = observe.cycleSeconds * SECOND;
  const thenMhz = (atMs: number) =>
    sights.find((sight) => Math.abs(sight.atMs - atMs - LATER_MS) <= stepMs / 2)?.nowMhz;
  const scored = sights.filter(({ atMs }) => atMs > 1.25 * DAY_MS && atMs < 2 * DAY_MS - LATER_MS);
  const off = (foreseen: (sight: Sight) => number) =>
    scored.reduce((sum, sight) => sum + Math.abs(foreseen(sight) - (thenMhz(sight.atMs) ?? Number.NaN)), 0);
  expect(off(({ laterMhz }) => laterMhz)).toBeLessThan(0.35 * off(({ nowMhz }) => nowMhz));
});
