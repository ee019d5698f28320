import { afterEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import type { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { embeddedDatacenter, makeWorld, passUntil, type World } from './embedded-world.ts';
import { offences } from './house-rules.ts';

const TICK_MS = DEFAULT_SETTINGS.observe.sampleSeconds * SECOND;
const HOSTS = DEFAULT_SETTINGS.driver.hosts;
const UNTIL_FULL_DAY_MS = 95 * MINUTE;
const FULL_DAY_MS = 25 * MINUTE;

let world: World | undefined;

afterEach(() => {
  world?.end();
  world = undefined;
});

/** Lets datacenter time pass, and judges what the datacenter itself reports at every sampling tick. */
async function live({ clock, datacenter }: World, spanMs: number): Promise<{ hostsOn: number[]; found: string[] }> {
  const hostsOn: number[] = [];
  const found: string[] = [];
  for (let passedMs = 0; passedMs < spanMs; passedMs += TICK_MS) {
    await clock.advance(TICK_MS);
    const inventory = datacenter.inventory();
    hostsOn.push(inventory.hosts.filter((host) => host.power === 'on').length);
    found.push(...offences(inventory).map((offence) => `at ${clock.nowMs()}: ${offence}`));
  }
  return { hostsOn, found };
}

/** What a datacenter has cost so far in energy and in work not done. */
function moneySpent({ energyWattHours, starvedCoreHours }: VirtualDatacenter): number {
  const { perKwh, pue, perStarvedCoreHour } = DEFAULT_SETTINGS.prices;
  return (energyWattHours / 1000) * pue * perKwh + starvedCoreHours * perStarvedCoreHour;
}

test('hosts sleep at night and are back for the day, load is served better for less, no rule is ever broken', async () => {
  world = await makeWorld();
  const { clock, daemon, datacenter, told } = world;
  const alone = embeddedDatacenter();
  await daemon.start();

  const night = await live(world, UNTIL_FULL_DAY_MS);
  alone.advanceTo(clock.nowMs());
  const [starvedBefore, aloneBefore] = [datacenter.starvedCoreHours, alone.starvedCoreHours];
  const day = await live(world, FULL_DAY_MS);
  alone.advanceTo(clock.nowMs());

  expect([...night.found, ...day.found]).toEqual([]);
  expect(told.filter((line) => /^(error|warn)/.test(line))).toEqual([]);
  expect(night.hostsOn[0]).toBe(HOSTS);
  const darkest = Math.min(...night.hostsOn);
  expect(darkest).toBeLessThanOrEqual(HOSTS * 0.75);
  expect(Math.max(...night.hostsOn.slice(night.hostsOn.indexOf(darkest)))).toBe(HOSTS);
  expect(datacenter.starvedCoreHours - starvedBefore).toBeLessThan((alone.starvedCoreHours - aloneBefore) / 4);
  expect(moneySpent(datacenter)).toBeLessThan(moneySpent(alone));
  await passUntil(daemon.stop(), clock, SECOND);
});

test('a stop during migrations drains them and says what it did', async () => {
  world = await makeWorld();
  const { daemon, datacenter, clock } = world;
  await daemon.start();
  for (let tick = 0; datacenter.inventory().flights.length === 0 && tick < 360; tick++) await clock.advance(TICK_MS);
  expect(datacenter.inventory().flights.length).toBeGreaterThan(0);

  const words = await passUntil(daemon.stop(), clock, SECOND);
  expect(daemon.status().state).toBe('stopped');
  expect(datacenter.inventory().flights).toEqual([]);
  expect(offences(datacenter.inventory())).toEqual([]);
  expect(words).toMatch(/^stopped: .*\d+ steps? (finished|cancelled)/);
  expect(clock.pending).toBe(0);
});
