import type { MigrationProgress } from '../../domain/plan.ts';
import type { Migration, MigrationEnd, MigrationOrder, MigrationState } from '../../ports/driver.ts';

export type Progressed = (state: MigrationState, progress: MigrationProgress) => void;

interface Order {
  readonly migration: Migration;
  readonly progressed: Progressed;
  readonly end: (end: MigrationEnd) => void;
}

/** Orders that have ended and are remembered, so that none is carried out twice. */
const MOST_ENDED = 10_000;

/** Which orders were given, and who waits for them. */
export class Orders {
  readonly #open = new Map<string, Order>();
  readonly #ended = new Map<string, Migration>();

  known(id: string): Migration | undefined {
    return this.#open.get(id)?.migration ?? this.#ended.get(id);
  }

  open({ id }: MigrationOrder, progressed: Progressed, cancel: () => boolean): Migration {
    const { promise: ended, resolve: end } = Promise.withResolvers<MigrationEnd>();
    const migration = { ended, cancel };
    this.#open.set(id, { migration, progressed, end });
    return migration;
  }

  progress(id: string, state: MigrationState, progress: MigrationProgress): void {
    this.#open.get(id)?.progressed(state, progress);
  }

  end(id: string, end: MigrationEnd): void {
    const order = this.#open.get(id);
    if (order === undefined) return;
    this.#open.delete(id);
    this.#ended.set(id, order.migration);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > MOST_ENDED && oldest !== undefined) this.#ended.delete(oldest);
    order.end(end);
  }

  failAll(because: string): void {
    for (const id of [...this.#open.keys()]) this.end(id, { state: 'failed', because });
  }
}
