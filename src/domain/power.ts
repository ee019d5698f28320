/** Power: the states of a host, and what it draws at which load. */
export const POWER_STATES = ['on', 'emptying', 'shutting-down', 'off', 'booting', 'suspect'] as const;
export type PowerState = (typeof POWER_STATES)[number];

export const ON = POWER_STATES.indexOf('on');
export const EMPTYING = POWER_STATES.indexOf('emptying');
export const SHUTTING_DOWN = POWER_STATES.indexOf('shutting-down');
export const OFF = POWER_STATES.indexOf('off');
export const BOOTING = POWER_STATES.indexOf('booting');
export const SUSPECT = POWER_STATES.indexOf('suspect');

export interface PowerModel {
  /** Watts at evenly spaced loads from idle (first) to full (last); two points are idle and maximum. */
  readonly watts: readonly number[];
  readonly offWatts: number;
  readonly bootSeconds: number;
  readonly shutdownSeconds: number;
}

export const TYPICAL_SERVER: PowerModel = { watts: [120, 300], offWatts: 6, bootSeconds: 180, shutdownSeconds: 60 };

/** Linear between the points; a load above 1 draws what full load draws. */
export function wattsAt(model: PowerModel, share: number): number {
  const last = model.watts.length - 1;
  const place = Math.min(1, Math.max(0, share)) * last;
  const below = Math.floor(place);
  const low = model.watts[below]!;
  if (below === last) return low;
  return low + (model.watts[below + 1]! - low) * (place - below);
}

/** What booting and shutting down make a host draw, as loads. */
const BOOT_LOAD = 0.5;
const SHUTDOWN_LOAD = 0.2;

/** What a host draws by its model, in this power state (an index into POWER_STATES) and at this load. */
export function drawnWatts(model: PowerModel, power: number, share: number): number {
  if (power === OFF) return model.offWatts;
  if (power === BOOTING) return wattsAt(model, BOOT_LOAD);
  return wattsAt(model, power === SHUTTING_DOWN ? SHUTDOWN_LOAD : share);
}
