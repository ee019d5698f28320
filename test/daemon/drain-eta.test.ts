import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { SECOND } from '../../src/domain/units.ts';
import { createEmbeddedDatacenter } from '../../src/drivers/simulated/embedded-datacenter.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { NOON_MS } from '../kit/fleet.ts';
import { Lives } from './lives.ts';

const WITHIN = 0.2;
const VMS = 50;

/** An embedded datacenter, and the host in it that runs the most VMs. */
function crowded(seed: number): { readonly lives: Lives; readonly host: string } {
  const made = createEmbeddedDatacenter({ hosts: 12, vms: 460, racks: 2, seed, dayMinutes: 1440 }, NOON_MS);
  if (!(made instanceof VirtualDatacenter)) throw new Error(made.because);
  const lives = new Lives(made);
  const [host] = made.hostIds.toSorted((a, b) => lives.vmsOn(b).length - lives.vmsOn(a).length);
  return { lives, host: host! };
}

test('a drain of more than fifty VMs takes what was said at its start, whatever else goes on', async () => {
  const { lives, host } = crowded(3);
  const { operator } = await lives.begin({ profile: DEFAULT_SETTINGS.profile });
  expect(lives.vmsOn(host).length).toBeGreaterThanOrEqual(VMS);
  const reply = operator.drain(host, false);
  if ('refusal' in reply) throw new Error(reply.refusal);
  const expectedSeconds = (reply.endsAtMs! - lives.clock.nowMs()) / SECOND;
  const took = await lives.until(() => lives.vmsOn(host).length === 0);
  expect(Math.abs(expectedSeconds - took)).toBeLessThan(WITHIN * took);
});
