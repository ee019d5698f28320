import type { Migration } from '../../ports/driver.ts';
import type { Run } from './run-course.ts';

/** Orders that have ended and are remembered, so that none is carried out twice. */
const MOST_ENDED = 10_000;

/** Which migrations were ordered, and which of them are under way. */
export class MigrationOrders {
  readonly #known = new Map<string, Migration>();
  readonly #running = new Map<string, Run>();

  known(id: string): Migration | undefined {
    return this.#known.get(id);
  }

  remember(id: string, migration: Migration): Migration {
    this.#known.set(id, migration);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_ENDED + this.#running.size && oldest !== undefined) this.#known.delete(oldest);
    return migration;
  }

  begin(uuid: string, run: Run): void {
    this.#running.set(uuid, run);
  }

  end(uuid: string): void {
    this.#running.delete(uuid);
  }

  /** The one under way of the VM with this uuid. */
  of(uuid: string): Run | undefined {
    return this.#running.get(uuid);
  }

  get running(): readonly Run[] {
    return [...this.#running.values()];
  }
}
