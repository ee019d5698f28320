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
  /** Quick: the guest is saved, moved and resumed, and does not run meanwhile. */
  readonly how: 'live' | 'quick';
}

export type MigrationState = Extract<StepState, 'preparing' | 'copying' | 'switching' | 'finishing'>;

export type MigrationEnd =
  | { readonly state: 'done'; readonly seconds: number; readonly bytes: number; readonly blackoutMs: number }
  | { readonly state: 'failed'; readonly because: string }
  | { readonly state: 'cancelled' };

export interface Migration {
  readonly ended: Promise<MigrationEnd>;
  /** False: too late, switching has started. */
  cancel(): boolean;
}

/** The hands and eyes of Drover for one kind of datacenter. */
export interface Driver extends SampleSource, PowerControl {
  inventory(): Promise<Inventory>;
  watch(listener: (event: DriverEvent) => void): Stop;
  migrate(order: MigrationOrder, progressed: (state: MigrationState, progress: MigrationProgress) => void): Migration;
  close(): Promise<void>;
}
