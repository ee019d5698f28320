import type { HostId } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { MigrationProgress, StepState } from '../domain/plan.ts';
import type { PowerState } from '../domain/power.ts';
import type { VmId } from '../domain/vm.ts';
import type { Stop } from './clock.ts';
import type { PowerControl } from './power-control.ts';
import type { SampleSource } from './samples.ts';

/** What happened in the world, whoever caused it. */
export type DriverEvent =
  | { readonly kind: 'vm-moved'; readonly vm: VmId; readonly from: HostId; readonly to: HostId; readonly atMs: number }
  /** It ended in order, shut down or saved, and by no migration. */
  | { readonly kind: 'vm-stopped'; readonly vm: VmId; readonly host: HostId; readonly atMs: number }
  | { readonly kind: 'host-power'; readonly host: HostId; readonly power: PowerState; readonly atMs: number }
  /** Hosts or VMs came, went or changed their make-up: the inventory must be read again. */
  | { readonly kind: 'inventory-changed'; readonly atMs: number }
  | { readonly kind: 'lost'; readonly because: string; readonly atMs: number };

export interface MigrationOrder {
  /** The step that wants it; a driver that is told the same id twice does it once. */
  readonly id: string;
  readonly vm: VmId;
  readonly from: HostId;
  readonly to: HostId;
  /**
   * Quick: the guest is saved, which gives its room on the source back, and is resumed on the target as soon as there is
   * room for it. It does not run meanwhile. Cancelled before it is resumed, it is resumed on the source.
   */
  readonly how: 'live' | 'quick';
  /** Bandwidth that it may take; absent: all there is. */
  readonly mostBytesPerS?: number;
}

/** What a driver can do beyond plain live migrations; what it does not claim is not asked of it. */
export interface MigrationAbilities {
  readonly quick: boolean;
  /** Whether it keeps to `mostBytesPerS`. */
  readonly caps: boolean;
  /** Whether it slows guests down that write too fast: of its own accord, or when hurried to. */
  readonly throttles: 'by itself' | 'when hurried' | 'never';
  readonly postCopy: boolean;
}

export const LIVE_ONLY: MigrationAbilities = { quick: false, caps: false, throttles: 'never', postCopy: false };

export type MigrationState = Extract<StepState, 'preparing' | 'copying' | 'switching' | 'finishing'>;

export type MigrationEnd =
  | { readonly state: 'done'; readonly seconds: number; readonly bytes: number; readonly blackoutMs: number }
  | { readonly state: 'failed'; readonly because: string }
  | { readonly state: 'cancelled' };

export interface Migration {
  readonly ended: Promise<MigrationEnd>;
  /** False: too late, switching has started. */
  cancel(): boolean;
  /** Makes a guest converge that writes too fast, by what the driver is able to. False: it cannot now. */
  hurry?(how: 'throttle' | 'post-copy'): boolean;
}

/** The hands and eyes of Drover for one kind of datacenter. */
export interface Driver extends SampleSource, PowerControl {
  /** Absent: plain live migrations only. */
  readonly abilities?: MigrationAbilities;
  /** What a person has to look at, a sentence each with what to do; absent: it never has any. */
  readonly troubles?: readonly string[];
  inventory(): Promise<Inventory>;
  watch(listener: (event: DriverEvent) => void): Stop;
  migrate(order: MigrationOrder, progressed: (state: MigrationState, progress: MigrationProgress) => void): Migration;
  close(): Promise<void>;
}
