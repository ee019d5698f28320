import type { HostId } from '../../domain/host.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { MigrationProgress } from '../../domain/plan.ts';
import type { DriverEvent, MigrationEnd, MigrationOrder, MigrationState } from '../../ports/driver.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';
import type { SampleBatch } from '../../ports/samples.ts';
import type { OrderNote } from './order-log.ts';

/** What may be asked of a datacenter in a process of its own, and what it answers. */
export interface Questions {
  readonly hello: { readonly ask: object; readonly answer: Hello };
  readonly inventory: { readonly ask: object; readonly answer: Inventory };
  readonly cancel: { readonly ask: { readonly id: string }; readonly answer: boolean };
  readonly switch: {
    readonly ask: { readonly host: HostId; readonly to: 'on' | 'off'; readonly order: string };
    readonly answer: SwitchEnd;
  };
  /** Every order that was ever given, whoever gave it. */
  readonly orders: { readonly ask: object; readonly answer: readonly OrderNote[] };
}

export interface Hello {
  readonly speed: number;
  readonly hostIds: readonly string[];
  readonly vmIds: readonly string[];
}

export type Question = keyof Questions;

/** From Drover to the datacenter. */
export type Ask =
  | { [Q in Question]: { readonly what: Q; readonly number: number } & Questions[Q]['ask'] }[Question]
  | { readonly what: 'migrate'; readonly order: MigrationOrder }
  | { readonly what: 'sample'; readonly intervalMs: number; readonly series: number }
  | { readonly what: 'stop-sampling'; readonly series: number };

/** From the datacenter to Drover; each carries datacenter time, so that both clocks agree. */
export type Tell = { readonly nowMs: number } & (
  | { readonly what: 'answer'; readonly number: number; readonly answer: unknown }
  | { readonly what: 'failed'; readonly number: number; readonly because: string }
  | { readonly what: 'event'; readonly event: DriverEvent }
  | {
      readonly what: 'migration';
      readonly id: string;
      readonly state: MigrationState;
      readonly progress: MigrationProgress;
    }
  | { readonly what: 'migration-ended'; readonly id: string; readonly end: MigrationEnd }
  | { readonly what: 'samples'; readonly series: number; readonly batch: PlainBatch }
);

/** A batch as JSON can carry it; entities are numbered as in the hello. */
export interface PlainBatch {
  readonly kind: SampleBatch['kind'];
  readonly entity: readonly number[];
  readonly metric: readonly number[];
  readonly value: readonly number[];
  readonly atMs: readonly number[];
}

export const plainBatch = ({ kind, entity, metric, value, atMs }: SampleBatch): PlainBatch => ({
  kind,
  entity: [...entity],
  metric: [...metric],
  value: [...value],
  atMs: [...atMs],
});
