import type { MigrationProgress, StepState } from '../domain/plan.ts';
import type { PowerState } from '../domain/power.ts';

export interface MigrationOrder {
  readonly id: string;
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly how: 'live' | 'quick';
  /** Bandwidth that it may take; absent: all there is. */
  readonly mostBytesPerS?: number;
}

export type MigrationState = Extract<StepState, 'preparing' | 'copying' | 'switching' | 'finishing'>;

export type MigrationEnd =
  | { readonly state: 'done'; readonly seconds: number; readonly bytes: number; readonly blackoutMs: number }
  | { readonly state: 'failed'; readonly because: string }
  | { readonly state: 'cancelled' };

/** What happened in the virtual datacenter, in the order in which it happened. */
export type DatacenterEvent =
  | {
      readonly kind: 'vm-moved';
      readonly vm: string;
      readonly from: string;
      readonly to: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'host-power';
      readonly host: string;
      readonly power: PowerState;
      readonly atMs: number;
      /** It was to come up, and has not. */
      readonly isBootFailure?: boolean;
    }
  | {
      readonly kind: 'migration';
      readonly id: string;
      readonly state: MigrationState;
      readonly progress: MigrationProgress;
      readonly atMs: number;
    }
  | {
      readonly kind: 'migration-ended';
      readonly id: string;
      readonly how: MigrationOrder['how'];
      readonly end: MigrationEnd;
      readonly atMs: number;
    };
