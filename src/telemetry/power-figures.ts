import type { Column } from '../domain/columns.ts';
import { BOOTING, drawnWatts, OFF, ON, SHUTTING_DOWN, wattsAt } from '../domain/power.ts';
import { CPU } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { MINUTE } from '../domain/units.ts';

/** What hosts draw, and what it would be otherwise. */
export interface PowerFigures {
  /** As measured; by power model, state and CPU load where a host is not measured. */
  readonly watts: Column;
  readonly totalWatts: number;
  /** What all of them should draw by their power models. */
  readonly expectedWatts: number;
  readonly hostsMetered: number;
  /** Steadily on or off, measured, and far from what the model says. */
  readonly hostsUnexpected: number;
  /** What hosts that are off would draw more if they idled. */
  readonly savedWatts: number;
  /** What hosts draw beyond idling because they are booting or shutting down. */
  readonly switchingWatts: number;
}

/** What is measured is a mean, which still remembers what was before a switch. */
const SETTLED_AFTER_MS = 5 * MINUTE;
const TOLERATED_SHARE = 0.25;
const TOLERATED_WATTS = 20;

export function powerFigures(snapshot: Snapshot, cpuUsed: Column): PowerFigures {
  const { hosts, pools } = snapshot;
  const watts = new Float64Array(hosts.ids.length);
  const sums = { totalWatts: 0, expectedWatts: 0, hostsMetered: 0, hostsUnexpected: 0, savedWatts: 0 };
  let switchingWatts = 0;
  for (let h = 0; h < watts.length; h++) {
    const model = pools.powerModels[hosts.powerModel[h]!]!;
    const power = hosts.power[h]!;
    const capacity = hosts.capacity[CPU]![h]!;
    const expected = drawnWatts(model, power, capacity > 0 ? cpuUsed[h]! / capacity : 0);
    const measured = hosts.powerWatts[h]!;
    const isMetered = !Number.isNaN(measured);
    watts[h] = isMetered ? measured : expected;
    sums.totalWatts += watts[h]!;
    sums.expectedWatts += expected;
    sums.hostsMetered += Number(isMetered);
    sums.hostsUnexpected += Number(isMetered && isSettled(snapshot, h) && isFar(measured, expected));
    const idle = wattsAt(model, 0);
    if (power === OFF) sums.savedWatts += Math.max(0, idle - model.offWatts);
    if (power === BOOTING || power === SHUTTING_DOWN) switchingWatts += Math.max(0, expected - idle);
  }
  return { watts, ...sums, switchingWatts };
}

function isSettled({ atMs, hosts }: Snapshot, h: number): boolean {
  const isSteady = hosts.power[h] === ON || hosts.power[h] === OFF;
  return isSteady && atMs - hosts.lastPowerChangeAtMs[h]! >= SETTLED_AFTER_MS;
}

function isFar(measured: number, expected: number): boolean {
  return Math.abs(measured - expected) > Math.max(TOLERATED_WATTS, TOLERATED_SHARE * expected);
}
