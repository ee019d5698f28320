import { describe, expect, test } from 'vitest';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { createEmbeddedDatacenter, type EmbeddedSettings } from '../../src/drivers/simulated/embedded-datacenter.ts';
import { SimulatedDriver } from '../../src/drivers/simulated/simulated-driver.ts';
import type { DriverEvent } from '../../src/ports/driver.ts';
import { METRICS, type SampleBatch } from '../../src/ports/samples.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { order, steady, threeHosts } from '../simulator/datacenters.ts';
import { describeDriver } from './driver-contract.ts';

function simulated() {
  const clock = new VirtualClock(0);
  const datacenter = steady(threeHosts());
  return { clock, datacenter, driver: new SimulatedDriver({ datacenter, clock }) };
}

describeDriver('simulated', async () => {
  const { clock, driver } = simulated();
  const pass = (ms: number) => clock.advance(ms);
  return { driver, pass, vm: 'a', from: 'h1', to: 'h2', idleHost: 'h3', paceMs: SECOND };
});

describe('the simulated driver', () => {
  test('wakes exactly when something is due, and sleeps when nothing is', async () => {
    const { clock, driver } = simulated();
    let atMs = 0;
    driver.switchOff('h3').then(() => {
      atMs = clock.nowMs();
    });
    await clock.advance(10 * MINUTE);
    expect(atMs).toBe(60 * SECOND);
    expect(clock.pending).toBe(0);
  });

  test('tells what happened at the time at which it happened, never from within the command', async () => {
    const { clock, driver } = simulated();
    const heard: DriverEvent[] = [];
    driver.watch((event) => heard.push({ ...event, atMs: event.atMs - clock.nowMs() }));
    void driver.switchOff('h3');
    driver.migrate(order('a', 'h1', 'h2'), () => {});
    expect(heard).toEqual([]);
    await clock.advance(2 * MINUTE);
    expect(heard.map((event) => event.kind)).toEqual(['host-power', 'vm-moved', 'host-power']);
    expect(heard.map((event) => event.atMs)).toEqual([0, 0, 0]);
  });

  test('leaves nothing on the clock when closed', async () => {
    const { clock, driver } = simulated();
    driver.sample(SECOND, { host: Number, vm: Number }, () => {});
    driver.migrate(order('a', 'h1', 'h2'), () => {});
    await clock.advance(2 * SECOND);
    await driver.close();
    expect(clock.pending).toBe(0);
    await expect(driver.inventory()).rejects.toThrow('closed');
    expect(await driver.switchOn('h1')).toEqual({ state: 'failed', because: 'the driver has been closed' });
  });

  test('a crash reaches who waits for the migration', async () => {
    const { clock, datacenter, driver } = simulated();
    const { ended } = driver.migrate(order('a', 'h1', 'h2'), () => {});
    await clock.advance(2 * SECOND);
    datacenter.crash('h2');
    await clock.advance(10 * SECOND);
    expect(await ended).toEqual({ state: 'failed', because: 'h2 crashed' });
  });

  test('of a host that is off only the power draw is known', async () => {
    const { clock, driver } = simulated();
    void driver.switchOff('h3');
    await clock.advance(2 * MINUTE);
    let metrics: string[] = [];
    const receive = (batch: SampleBatch) => {
      if (batch.kind !== 'host') return;
      const rows = [...batch.entity.keys()].filter((row) => batch.entity[row] === 3);
      metrics = rows.map((row) => METRICS[batch.metric[row]!]!);
    };
    driver.sample(SECOND, { host: (id) => Number(id.slice(1)), vm: () => 0 }, receive);
    await clock.advance(SECOND);
    expect(metrics).toEqual(['powerWatts']);
  });
});

const SETTINGS: EmbeddedSettings = { hosts: 16, vms: 120, racks: 4, seed: 1, dayMinutes: 120 };

function embedded(seed: number) {
  const datacenter = createEmbeddedDatacenter({ ...SETTINGS, seed }, 0);
  if (!(datacenter instanceof VirtualDatacenter)) throw new Error(datacenter.because);
  const { hosts } = datacenter.inventory();
  const shares = () => [...datacenter.measure().hosts.cpuMhz].map((mhz, i) => mhz / hosts[i]!.capacity.cpuMhz);
  const mhz = hosts.reduce((sum, host) => sum + host.capacity.cpuMhz, 0);
  const used = () => datacenter.measure().hosts.cpuMhz.reduce((sum, value) => sum + value, 0) / mhz;
  return { datacenter, shares, used };
}

describe.each([1, 2, 3])('the embedded datacenter of seed %d', (seed) => {
  test('is busy in the afternoon, with a few hot hosts and some that are not', () => {
    const { shares, used } = embedded(seed);
    expect(used()).toBeGreaterThan(0.58);
    expect(used()).toBeLessThan(0.78);
    const hot = shares().filter((share) => share > 0.9).length;
    expect(hot).toBeGreaterThanOrEqual(2);
    expect(hot).toBeLessThanOrEqual(4);
  });

  test('falls asleep after a quarter of an hour, and wakes up after the night', () => {
    const { datacenter, used } = embedded(seed);
    const usedAt = (minutes: number) => {
      datacenter.advanceTo(minutes * MINUTE);
      return used();
    };
    expect(usedAt(14)).toBeGreaterThan(0.55);
    expect(usedAt(30)).toBeLessThan(0.3);
    expect(usedAt(70)).toBeLessThan(0.3);
    expect(usedAt(95)).toBeGreaterThan(0.55);
  });

  test('has memory to spare, rules, and VMs that talk', () => {
    const inventory = embedded(seed).datacenter.inventory();
    const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
    const sold = sum(inventory.vms.map((vm) => vm.demand.memoryBytes));
    const share = sold / sum(inventory.hosts.map((host) => host.capacity.memoryBytes));
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.4);
    expect(inventory.rules.length).toBeGreaterThan(4);
    expect(inventory.flows.length).toBeGreaterThan(100);
    expect(toSnapshot(inventory).hosts.ids).toHaveLength(16);
  });
});

test('an embedded datacenter that cannot be is refused in a sentence', () => {
  expect(createEmbeddedDatacenter({ ...SETTINGS, hosts: 1, vms: 10_000 }, 0)).toHaveProperty(
    'because',
    expect.stringContaining('ask for fewer VMs or more hosts'),
  );
});
