import type { Happening } from './witness.ts';

/** How often what came about, under names that a table can be made of. */
export class Tally {
  readonly #counts = new Map<string, number>();

  note(happening: Happening): void {
    if (happening.kind === 'fault') this.count(`fault ${happening.fault}`);
    else if (happening.kind === 'step') this.count(`step ${happening.status.state}`);
    else if (happening.kind === 'migration ordered') this.count(`migrations ordered by ${happening.by}`);
    else if (happening.kind === 'switch ordered') this.count(`hosts switched ${happening.to} by ${happening.by}`);
    else if (happening.kind === 'decided') this.count('cycles with decisions');
    else if (happening.kind === 'person') this.count('orders of persons acknowledged');
    else if (happening.kind === 'outcome') this.count(`outcome ${happening.outcome.state}`);
  }

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  get counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
