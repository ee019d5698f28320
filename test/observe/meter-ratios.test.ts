import { describe, expect, it } from 'vitest';
import { wattsAt } from '../../src/domain/power.ts';
import { SECOND } from '../../src/domain/units.ts';
import { Observatory } from '../../src/observe/observatory.ts';
import { aHost, anInventory, NOON_MS } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { KeptLog, ObservedDatacenter, SETTINGS } from './kit.ts';

const HOST = aHost({ id: 'h1' });
const MHZ = 2000;
const MODELLED_WATTS = wattsAt(HOST.powerModel, MHZ / HOST.capacity.cpuMhz);

/** What the model says at that load, after the meter has shown this many watts, interval by interval. */
async function modelledAfter(watts: readonly number[]): Promise<number> {
  const clock = new VirtualClock(NOON_MS);
  const datacenter = new ObservedDatacenter(anInventory({ hosts: [HOST, aHost({ id: 'h2' })] }));
  const observatory = new Observatory({ driver: datacenter, clock, log: new KeptLog(), settings: SETTINGS, rules: [] });
  await observatory.start();
  for (const powerWatts of watts) {
    const atMs = clock.nowMs();
    datacenter.measure('host', 'h1', { cpuMhz: MHZ, powerWatts }, atMs);
    datacenter.measure('host', 'h2', { cpuMhz: MHZ }, atMs);
    await clock.advance(SETTINGS.sampleSeconds * SECOND);
  }
  const { hosts, pools } = observatory.latest()!;
  const at = (h: number) => wattsAt(pools.powerModels[hosts.powerModel[h]!]!, MHZ / HOST.capacity.cpuMhz);
  expect(at(1)).toBeCloseTo(MODELLED_WATTS);
  observatory.stop();
  return at(0) / MODELLED_WATTS;
}

const steadily = (ratio: number, intervals = 600) => Array.from({ length: intervals }, () => ratio * MODELLED_WATTS);

describe('what a host draws by its model', () => {
  it.each([
    ['stays, where the meter agrees', steadily(1.04), 1],
    ['follows a meter that steadily says more', steadily(1.3), 1.1 ** 3],
    ['follows a meter that steadily says less', steadily(0.7), 1.1 ** -4],
    ['stays, where few readings say more', steadily(1.3, 20), 1],
    ['stays, where the meter cannot be of this host', steadily(10), 1],
    ['stays, where the meter says nothing', steadily(Number.NaN), 1],
    ['comes back', [...steadily(1.3), ...steadily(1, 1500)], 1],
  ])('%s', async (_, watts, factor) => {
    expect(await modelledAfter(watts)).toBeCloseTo(factor, 5);
  });
});
