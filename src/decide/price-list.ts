import type { Draft } from '../domain/draft.ts';
import { CPU } from '../domain/resources.ts';
import type { Book } from './book.ts';
import type { Judge } from './judge.ts';
import type { OnceCosts } from './once.ts';

/**
 * What VMs want, and what it costs for itself that each is on a host: its migration there from where it was at first. Worked
 * out once for all that is thought over.
 */
export class PriceList {
  /** Per resource that anybody wants, CPU first; by VM. */
  readonly demand: readonly Float64Array[];
  /** The resources by number, in the same order. */
  readonly resources: readonly number[];
  /** VM by VM and host by host, in what `gain` counts: infinity where it may not run. */
  readonly #prices: Float64Array;
  readonly #isKnown: Uint8Array;
  readonly #draft: Draft;
  readonly #judge: Judge;
  readonly #once: OnceCosts;
  readonly #book: Book;

  constructor(draft: Draft, judge: Judge, once: OnceCosts, book: Book) {
    const { ids, demand } = draft.snapshot.vms;
    const isWanted = (r: number) => r === CPU || Array.from(demand[r]!).some((amount) => amount !== 0);
    this.resources = [...demand.keys()].filter(isWanted).sort((a, b) => Number(b === CPU) - Number(a === CPU) || a - b);
    this.demand = this.resources.map((r) => Float64Array.from(demand[r]!));
    this.#prices = new Float64Array(ids.length * draft.snapshot.hosts.ids.length);
    this.#isKnown = new Uint8Array(ids.length);
    this.#draft = draft;
    this.#judge = judge;
    this.#once = once;
    this.#book = book;
  }

  of(vm: number, host: number): number {
    if (this.#isKnown[vm] === 0) this.#workOut(vm);
    return this.#prices[vm * this.#draft.vmCount.length + host]!;
  }

  #workOut(vm: number): void {
    const hostCount = this.#draft.vmCount.length;
    const home = this.#draft.snapshot.vms.host[vm]!;
    this.#isKnown[vm] = 1;
    for (let host = 0; host < hostCount; host++) {
      const price = this.#judge.suits(vm, host) ? -this.#book.gain(0, this.#once.ofMove(vm, home, host)) : NEVER;
      this.#prices[vm * hostCount + host] = host === home ? 0 : price;
    }
  }
}

const NEVER = Number.POSITIVE_INFINITY;
