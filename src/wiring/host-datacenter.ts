import type { SimulatedSettings } from '../config/settings.ts';
import { serveDatacenter } from '../drivers/simulated/datacenter-server.ts';
import { createEmbeddedDatacenter } from '../drivers/simulated/embedded-datacenter.ts';
import { AcceleratedClock } from './clocks.ts';

const OK = 0;
const USER_MISTAKE = 2;

/** Hosts a datacenter for others to drive until it is told to stop; gives the exit code of the process. */
export async function hostDatacenter(settings: SimulatedSettings, socketPath: string): Promise<number> {
  const { hosts, vms, speed } = settings;
  const clock = new AcceleratedClock(speed, Date.now());
  const datacenter = createEmbeddedDatacenter(settings, clock.nowMs());
  if ('because' in datacenter) return refuse(datacenter.because);
  const running = await serveDatacenter({ datacenter, clock, speed, socketPath });
  if ('because' in running) return refuse(running.because);
  process.stdout.write(`A datacenter of ${hosts} hosts and ${vms} VMs can be driven at ${socketPath}\n`);
  await new Promise<void>((stop) => {
    process.once('SIGINT', () => stop());
    process.once('SIGTERM', () => stop());
  });
  await running.close();
  return OK;
}

function refuse(sentence: string): number {
  process.stderr.write(`drover: ${sentence}\n`);
  return USER_MISTAKE;
}
