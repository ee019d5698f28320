import type { Clock, Stop } from '../../ports/clock.ts';
import type { Interning, SampleBatch } from '../../ports/samples.ts';
import { DirtyRates } from './dirty-rates.ts';
import type { Guests } from './guests.ts';
import type { HostLink } from './host-link.ts';
import { HostSampling } from './host-sampling.ts';
import { sizeOf } from './inventory.ts';

export interface SamplingParts {
  readonly links: readonly HostLink[];
  readonly guests: Guests;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly dirtyRateSeconds: number;
  readonly interning: Interning;
  readonly receive: (batch: SampleBatch) => void;
  readonly failed: (because: string) => void;
  /** Of a host that is off nothing is expected. */
  readonly isOff: (link: HostLink) => boolean;
  /** Whether the guest of that uuid is being migrated from here. */
  readonly isMoving: (uuid: string) => boolean;
  /** Why what a host tells must not be relied on. */
  readonly doubtOf: (link: HostLink) => string | undefined;
}

/** Asks every host at each interval; one that has not answered yet is left out. */
export function startSampling(parts: SamplingParts): Stop {
  let isStopped = false;
  const askers = parts.links.map((link) => askerOf(link, parts, () => isStopped));
  let stopAlarm: Stop = () => {};
  const take = () => {
    stopAlarm = parts.clock.after(parts.intervalMs, take);
    for (const ask of askers) ask();
  };
  stopAlarm = parts.clock.after(0, take);
  return () => {
    isStopped = true;
    stopAlarm();
  };
}

function askerOf(link: HostLink, parts: SamplingParts, isStopped: () => boolean): () => void {
  const sampling = new HostSampling(parts.interning, parts.guests);
  const dirtyRates = new DirtyRates(parts.dirtyRateSeconds);
  let isAsking = false;
  return () => {
    if (isAsking || parts.isOff(link)) return;
    isAsking = true;
    askOnce(link, parts, sampling, dirtyRates, isStopped)
      .catch((error: unknown) => {
        const because = error instanceof Error ? error.message : String(error);
        if (!isStopped()) parts.failed(`${link.host.id}: ${because}`);
      })
      .finally(() => {
        isAsking = false;
      });
  };
}

async function askOnce(
  link: HostLink,
  parts: SamplingParts,
  sampling: HostSampling,
  dirtyRates: DirtyRates,
  isStopped: () => boolean,
): Promise<void> {
  await link.tried;
  const { hypervisor, facts, host } = link;
  const size = sizeOf({ host, facts });
  if (hypervisor === undefined || size === undefined) throw new Error(link.trouble);
  const { clock, intervalMs, guests } = parts;
  const doubt = parts.doubtOf(link);
  if (doubt !== undefined) throw new Error(doubt);
  const batches = await sampling.take({ id: host.id, ...size }, hypervisor, () => clock.nowMs());
  if (isStopped()) return;
  for (const batch of batches) parts.receive(batch);
  const still = guests.settledOn(host.id).filter(({ uuid }) => !parts.isMoving(uuid));
  // Nobody waits for it: a guest that is busy after all would hold up the samples of all others.
  void dirtyRates.startDue(still, hypervisor, intervalMs, clock.nowMs());
}
