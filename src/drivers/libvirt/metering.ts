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
}

/** BMCs are slow, and some take a process for each question. */
const ROUND_MS = 60 * SECOND;
const LANES = 4;

/**
 * What each host draws, as its BMC says. Meters are read less often than hosts are sampled; between two readings the
 * last one stands. One that does not answer leaves a gap, and no trouble: watts are shown, nothing depends on them.
 */
export function startMetering({ hosts, power, clock, intervalMs, interning, receive }: MeteringParts): Stop {
  const readings = new Map<HostId, number>();
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
  const round = async (lane: readonly HostId[]) => {
    const startMs = clock.nowMs();
    for (const host of lane) {
      if (isStopped) return;
      const watts = await power.watts(host).catch(() => undefined);
      if (watts === undefined) readings.delete(host);
      else readings.set(host, watts);
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
