import { afterEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { SECOND } from '../../src/domain/units.ts';
import { embeddedDatacenter, makeWorld, passUntil, type World } from './embedded-world.ts';
import { offences } from './house-rules.ts';

const DAY_MS = DEFAULT_SETTINGS.driver.dayMinutes * 60 * SECOND;
const TICK_MS = DEFAULT_SETTINGS.observe.sampleSeconds * SECOND;
const HOSTS = DEFAULT_SETTINGS.driver.hosts;

let world: World | undefined;

afterEach(() => {
  world?.end();
  world = undefined;
});

interface Tick {
  readonly hostsOn: number;
  readonly flights: number;
}

/** Lets datacenter time pass, and judges what the datacenter itself reports at every sampling tick. */
async function live({ clock, datacenter }: World, spanMs: number): Promise<{ ticks: Tick[]; found: string[] }> {
  const ticks: Tick[] = [];
  const found: string[] = [];
  for (let passedMs = 0; passedMs < spanMs; passedMs += TICK_MS) {
    await clock.advance(TICK_MS);
    const inventory = datacenter.inventory();
    const hostsOn = inventory.hosts.filter((host) => host.power === 'on').length;
    ticks.push({ hostsOn, flights: inventory.flights.length });
    found.push(...offences(inventory).map((offence) => `after ${passedMs / SECOND} s: ${offence}`));
  }
  return { ticks, found };
}

test('through a day hosts sleep at night and come back, load is served better, and no rule is ever broken', async () => {
  world = await makeWorld();
  await world.daemon.start();
  const { ticks, found } = await live(world, DAY_MS);

  expect(found).toEqual([]);
  const hostsOn = ticks.map((tick) => tick.hostsOn);
  expect(hostsOn[0]).toBe(HOSTS);
  const darkest = Math.min(...hostsOn);
  expect(darkest).toBeLessThanOrEqual(HOSTS * 0.75);
  expect(Math.max(...hostsOn.slice(hostsOn.indexOf(darkest)))).toBe(HOSTS);
  expect(world.told.filter((line) => /^(error|warn)/.test(line))).toEqual([]);

  const alone = embeddedDatacenter();
  alone.advanceTo(world.datacenter.nowMs);
  expect(world.datacenter.starvedCoreHours).toBeLessThan(alone.starvedCoreHours * 0.75);
  expect(world.datacenter.energyWattHours).toBeLessThan(alone.energyWattHours * 0.95);
  await passUntil(world.daemon.stop(), world.clock, SECOND);
});

test('a stop during migrations drains them and says what it did', async () => {
  world = await makeWorld();
  const { daemon, datacenter, clock } = world;
  await daemon.start();
  for (let tick = 0; datacenter.inventory().flights.length === 0 && tick < 360; tick++) await clock.advance(TICK_MS);
  const underWay = datacenter.inventory().flights.length;
  expect(underWay).toBeGreaterThan(0);

  const words = await passUntil(daemon.stop(), clock, SECOND);
  expect(daemon.status().state).toBe('stopped');
  expect(datacenter.inventory().flights).toEqual([]);
  expect(offences(datacenter.inventory())).toEqual([]);
  expect(words).toMatch(/^stopped: .*step/);
  expect(clock.pending).toBe(0);
});
