import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/config/defaults.ts';
import { HOUR, MINUTE } from '../../../src/domain/units.ts';
import { createEmbeddedDatacenter } from '../../../src/drivers/simulated/embedded-datacenter.ts';
import { loadPolicies } from '../../../src/loading/load-policies.ts';
import { runVirtually } from '../../../src/wiring/virtual/run-virtually.ts';
import { makeVirtualWorld, onVirtualTime } from '../../../src/wiring/virtual/virtual-world.ts';
import { NOON_MS } from '../../kit/fleet.ts';

const SMALL = { ...DEFAULT_SETTINGS.driver, hosts: 6, vms: 30, racks: 2 };
const { policies } = await loadPolicies({ folders: [] });
const shelf = policies.map((good) => ({ id: good.policy.id, good, trouble: '', gone: false }));

/** Everything that was done in an hour, and when somebody looked. */
async function anHour(seed: number) {
  const datacenter = createEmbeddedDatacenter({ ...SMALL, seed }, NOON_MS);
  if ('because' in datacenter) throw new Error(datacenter.because);
  const settings = onVirtualTime({ ...DEFAULT_SETTINGS, driver: SMALL });
  const world = makeVirtualWorld({ settings, shelf, datacenter });
  const looked: number[] = [];
  await runVirtually(world, {
    untilMs: NOON_MS + HOUR,
    tickMs: 25 * MINUTE,
    onTick: ({ clock }) => void looked.push((clock.nowMs() - NOON_MS) / MINUTE),
  });
  const steps = world.daemon.steps().map(({ step, state, endedAtMs }) => ({ step, state, endedAtMs }));
  return { steps, energy: datacenter.energyWattHours, looked };
}

test('the same seed lives the same hour, step by step, and another one does not', async () => {
  const [one, same, other] = [await anHour(3), await anHour(3), await anHour(4)];
  expect(one.steps.length).toBeGreaterThan(0);
  expect(one).toEqual(same);
  expect(one.energy).not.toBe(other.energy);
});

test('somebody may look at each tick, and at the end', async () => {
  const { looked } = await anHour(3);
  expect(looked).toEqual([0, 25, 50, 60]);
});
