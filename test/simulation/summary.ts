import { table } from '../../src/cli/table.ts';
import { ALL_FAULTS, type Fault } from './faults/kinds.ts';
import type { Run } from './run-seed.ts';

/** From so many seeds on each fault must have been met. */
const SEEDS_FOR_ALL_FAULTS = 100;

/** What many runs have in common. */
export class Summary {
  readonly failed: Run[] = [];
  #seeds = 0;
  readonly #counts = new Map<string, number>();

  add(run: Run): void {
    this.#seeds += 1;
    if (run.violations.length > 0) this.failed.push(run);
    for (const [what, count] of Object.entries(run.counts))
      this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  get seeds(): number {
    return this.#seeds;
  }

  /** Faults that never came about: whoever looked for them has tested nothing. */
  notMet(without: readonly Fault[]): readonly Fault[] {
    if (this.#seeds < SEEDS_FOR_ALL_FAULTS) return [];
    return ALL_FAULTS.filter((fault) => !without.includes(fault) && !this.#counts.has(`fault ${fault}`));
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  get table(): string {
    const rows = Object.entries(this.counts).map(([what, count]) => [count.toLocaleString('en'), what]);
    return table([{ title: 'count', align: 'right' }, { title: 'of' }], rows).join('\n');
  }
}
