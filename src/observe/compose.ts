import type { Column } from '../domain/columns.ts';
import { BOOTING, OFF, SHUTTING_DOWN, SUSPECT } from '../domain/power.ts';
import { CPU, NET_RX, NET_TX } from '../domain/resources.ts';
import type { Flight, HostColumns, Snapshot, VmColumns } from '../domain/snapshot.ts';
import type { Metric } from '../ports/samples.ts';
import { doubtAt } from './doubts.ts';
import type { Forecast } from './forecast.ts';
import type { LastChanges } from './last-changes.ts';
import type { Measurements } from './measurements.ts';
import { TRUSTED } from './trust-gate.ts';
import type { Windows } from './windows.ts';

export interface Observed {
  readonly hosts: Measurements;
  readonly vms: Measurements;
  readonly changes: LastChanges;
  readonly forecast: Pick<Forecast, 'soon' | 'later'>;
  readonly deviationWindow: 'fast' | 'slow';
  /** All that can be said against data, as `doubtAt` finds it. */
  readonly doubts: readonly string[];
}

/** What the windows say, laid over what the inventory says; where a metric was never measured, the inventory stands. */
export function compose(base: Snapshot, observed: Observed, version: number, atMs: number): Snapshot {
  const pools = { ...base.pools, doubts: observed.doubts };
  return { ...base, version, atMs, pools, hosts: hostsOf(base, observed, atMs), vms: vmsOf(base, observed) };
}

function hostsOf({ hosts }: Snapshot, { hosts: measured, changes }: Observed, atMs: number): HostColumns {
  return { ...hosts, ...changes.hosts(hosts), powerWatts: wattsOf(measured, atMs), ...trustOf(measured) };
}

/** Shown and added up, never decided by: what is not measured now is told as such, and nobody is unknown for it. */
function wattsOf(measured: Measurements, atMs: number): Column {
  const { mean } = measured.series('powerWatts').windows.fast;
  return Float64Array.from({ length: measured.rowAt.length }, (_, index) => {
    const row = measured.rowAt[index]!;
    return measured.isFresh('powerWatts', row, atMs) ? mean[row]! : Number.NaN;
  });
}

function vmsOf({ vms, hosts, flights }: Snapshot, observed: Observed): VmColumns {
  const { vms: measured, changes, forecast, deviationWindow } = observed;
  const over = (base: Column, metric: Metric, read: (windows: Windows) => Column) =>
    laidOver(base, measured, metric, read);
  const demand = [...vms.demand];
  demand[CPU] = over(vms.demand[CPU]!, 'cpuMhz', fastMean);
  demand[NET_RX] = over(vms.demand[NET_RX]!, 'netRxBytesPerS', fastMean);
  demand[NET_TX] = over(vms.demand[NET_TX]!, 'netTxBytesPerS', fastMean);
  return {
    ...vms,
    ...changes.vms(vms),
    host: atSource(vms, hosts, flights),
    demand,
    cpuDeviationMhz: over(vms.cpuDeviationMhz, 'cpuMhz', (windows) => windows[deviationWindow].deviation),
    cpuPeakMhz: atLeast(
      demand[CPU]!,
      over(vms.cpuPeakMhz, 'cpuMhz', (windows) => windows.slow.peak),
    ),
    cpuLowMhz: atMost(
      demand[CPU]!,
      over(vms.cpuLowMhz, 'cpuMhz', (windows) => windows.slow.lowest),
    ),
    cpuSoonMhz: over(vms.cpuSoonMhz, 'cpuMhz', () => forecast.soon),
    cpuLaterMhz: over(vms.cpuLaterMhz, 'cpuMhz', () => forecast.later),
    memoryActiveBytes: over(vms.memoryActiveBytes, 'memoryActiveBytes', fastMean),
    dirtyBytesPerS: over(vms.dirtyBytesPerS, 'dirtyBytesPerS', fastMean),
    liveSessions: over(vms.liveSessions, 'liveSessions', (windows) => windows.latest),
    ...trustOf(measured),
  };
}

const fastMean = (windows: Windows): Column => windows.fast.mean;

function laidOver(base: Column, measured: Measurements, metric: Metric, read: (windows: Windows) => Column): Column {
  const { windows, inUse } = measured.series(metric);
  if (!inUse) return base;
  const { rowAt } = measured;
  const { samples } = windows.fast;
  const values = read(windows);
  const column = new Float64Array(base.length);
  for (let index = 0; index < column.length; index++) {
    const row = rowAt[index]!;
    column[index] = samples[row]! > 0 ? values[row]! : base[index]!;
  }
  return column;
}

/** The slow window's full buckets may not have seen yet what is wanted now. */
function atLeast(now: Column, lately: Column): Column {
  const raised = new Float64Array(lately.length);
  for (let index = 0; index < raised.length; index++) {
    raised[index] = now[index]! > lately[index]! ? now[index]! : lately[index]!;
  }
  return raised;
}

function atMost(now: Column, lately: Column): Column {
  const lowered = new Float64Array(lately.length);
  for (let index = 0; index < lowered.length; index++) {
    lowered[index] = now[index]! < lately[index]! ? now[index]! : lately[index]!;
  }
  return lowered;
}

function trustOf({ rowAt, standing }: Measurements) {
  const known = new Uint8Array(rowAt.length);
  const doubt = new Uint8Array(rowAt.length);
  for (let index = 0; index < known.length; index++) {
    const row = rowAt[index]!;
    const verdict = standing.verdict[row]!;
    known[index] = Number(verdict === TRUSTED);
    doubt[index] = doubtAt(verdict, standing.metric[row]!);
  }
  return { known, doubt };
}

/** A VM in flight runs on its source until it has arrived, whatever the driver lists meanwhile. */
function atSource(vms: VmColumns, hosts: HostColumns, flights: readonly Flight[]): Column {
  if (flights.length === 0) return vms.host;
  const host = Int32Array.from({ length: vms.ids.length }, (_, vm) => vms.host[vm]!);
  for (const flight of flights) {
    const vm = vms.index.get(flight.vm);
    const from = hosts.index.get(flight.from);
    if (vm !== undefined && from !== undefined) host[vm] = from;
  }
  return host;
}

/** Hosts that run nothing need not report: what they use is known to be nothing. */
export function isQuiet(power: number): boolean {
  return power === OFF || power === BOOTING || power === SHUTTING_DOWN || power === SUSPECT;
}
