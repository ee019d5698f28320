import type { HostId } from '../../domain/host.ts';
import type { MigrationEnd, MigrationOrder } from '../../ports/driver.ts';
import type { SwitchEnd } from '../../ports/power-control.ts';

/** One order as the datacenter received it, and how it ended, once it has. */
export type OrderNote = {
  readonly id: string;
  readonly atMs: number;
  readonly ended?: { readonly atMs: number; readonly end: MigrationEnd | SwitchEnd };
} & (
  | { readonly kind: 'migrate'; readonly order: MigrationOrder }
  | { readonly kind: 'switch'; readonly host: HostId; readonly to: 'on' | 'off' }
);

const MOST_NOTES = 100_000;

/** Every order in the order in which they came; the same order twice is two notes. The oldest of very many go. */
export class OrderLog {
  #notes: OrderNote[] = [];

  get notes(): readonly OrderNote[] {
    return this.#notes;
  }

  /** Gives what to call when the order has ended. */
  note(received: OrderNote): (end: MigrationEnd | SwitchEnd, atMs: number) => void {
    this.#notes.push(received);
    if (this.#notes.length > MOST_NOTES) this.#notes.shift();
    return (end, atMs) => {
      const place = this.#notes.indexOf(received);
      if (place >= 0) this.#notes[place] = { ...received, ended: { atMs, end } };
    };
  }
}
