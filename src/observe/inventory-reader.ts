import type { Inventory } from '../domain/inventory.ts';
import { Succession } from '../domain/inventory.ts';
import type { Rule } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Driver } from '../ports/driver.ts';
import type { Outage } from './outage.ts';
import { wordsOf } from './outage.ts';

export interface ReaderParts {
  readonly driver: Driver;
  readonly clock: Clock;
  readonly outage: Outage;
  readonly rules: readonly Rule[];
  /** A reading that takes longer is given up, and no other is begun before it has come back. */
  readonly mostMs: number;
}

/** Reads what exists and where it is, as columns. A reading that fails is an outage and gives nothing. */
export class InventoryReader {
  readonly #parts: ReaderParts;
  readonly #succession = new Succession();
  #reading = false;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async read(): Promise<Snapshot | undefined> {
    const { outage, rules } = this.#parts;
    try {
      const inventory = await this.#inTime();
      const snapshot = this.#succession.next({ ...inventory, rules: [...inventory.rules, ...rules] });
      outage.worked();
      return snapshot;
    } catch (error) {
      outage.failed(wordsOf(error));
      return undefined;
    }
  }

  async #inTime(): Promise<Inventory> {
    const { driver, clock, mostMs } = this.#parts;
    if (this.#reading) throw new Error('the reading before has not come back yet');
    this.#reading = true;
    let stop: Stop = () => {};
    const late = new Promise<never>((_, reject) => {
      stop = clock.after(mostMs, () => reject(new Error(`no answer within ${spanWords(mostMs)}`)));
    });
    return Promise.race([this.#untilBack(driver), late]).finally(stop);
  }

  async #untilBack(driver: Driver): Promise<Inventory> {
    try {
      return await driver.inventory();
    } finally {
      this.#reading = false;
    }
  }
}
