import type { HostId } from '../../domain/host.ts';
import { SECOND } from '../../domain/units.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { RemotePower } from '../../ports/remote-power.ts';
import type { Interning, SampleBatch } from '../../ports/samples.ts';
import { Rows } from './rows.ts';

export interface MeteringParts {
  readonly hosts: readonly HostId[];
  readonly power: RemotePower;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly interning: Interning;
  readonly receive: (batch: SampleBatch) => void;
  /** Why a BMC does not answer, and nothing once it does. */
  readonly answered: (host: HostId, trouble: string | undefined) => void;
}

/** BMCs are slow, and some take a process for each question. */
const ROUND_MS = 60 * SECOND;
const LANES = 4;
/** A question may be lost on its way. */
const FEWEST_SILENCES = 2;

/**
 * What each host draws, as its BMC says. Meters are read less often than hosts are sampled; between two readings the
 * last one stands. One that does not answer leaves a gap, and somebody is told: its host could not be woken either. A BMC
 * without a meter is asked whether its host is on, once, and again for as long as it has not answered.
 */
export function startMetering({ hosts, power, clock, intervalMs, interning, receive, answered }: MeteringParts): Stop {
  const readings = new Map<HostId, number>();
  // How often each has not answered in turn; one that was never heard counts as if it had not once.
  const silences = new Map(hosts.map((host) => [host, 1]));
  const stops = new Set<Stop>();
  let isStopped = false;
  const later = (delayMs: number, call: () => void) => {
    if (isStopped) return;
    const stop = clock.after(delayMs, () => {
      stops.delete(stop);
      call();
    });
    stops.add(stop);
  };
  const hear = (host: HostId, watts: unknown) => {
    if (typeof watts !== 'object' || watts === null || !('error' in watts)) {
      if (silences.delete(host)) answered(host, undefined);
      return;
    }
    const count = (silences.get(host) ?? 0) + 1;
    silences.set(host, count);
    const { error } = watts;
    if (count >= FEWEST_SILENCES) answered(host, error instanceof Error ? error.message : String(error));
  };
  const round = async (lane: readonly HostId[]) => {
    const startMs = clock.nowMs();
    for (const host of lane) {
      if (isStopped) return;
      const watts = await read(host, power, silences.has(host)).catch((error: unknown) => ({ error }));
      if (isStopped) return;
      if (typeof watts === 'number') readings.set(host, watts);
      else readings.delete(host);
      hear(host, watts);
    }
    later(Math.max(0, startMs + ROUND_MS - clock.nowMs()), () => void round(lane));
  };
  const tell = () => {
    const rows = new Rows('host', clock.nowMs());
    for (const [host, watts] of readings) rows.add(interning.host(host), 'powerWatts', watts);
    if (readings.size > 0) receive(rows.batch());
    later(intervalMs, tell);
  };
  for (let lane = 0; lane < LANES; lane++) void round(hosts.filter((_, index) => index % LANES === lane));
  later(intervalMs, tell);
  return () => {
    isStopped = true;
    for (const stop of stops) stop();
  };
}

async function read(host: HostId, power: RemotePower, isUnheard: boolean): Promise<number | undefined> {
  const watts = await power.watts(host);
  if (watts === undefined && isUnheard) await power.isOn(host);
  return watts;
}
