import type { MoveJob } from './jobs.ts';

/** A move in an order in which each host is to take part in its moves. */
export interface Turn {
  readonly vm: number;
  readonly from: number;
  readonly to: number;
}

/** Whose turn it is at each host. What the order does not know may go at any time. */
export class Turns {
  readonly #left = new Map<number, Turn[]>();

  constructor(order: readonly Turn[]) {
    for (const turn of order) {
      for (const host of [turn.from, turn.to]) this.#left.set(host, [...(this.#left.get(host) ?? []), turn]);
    }
  }

  isNext(job: MoveJob): boolean {
    const left = this.#left.get(job.from);
    const turn = left?.find((each) => isOf(each, job));
    return turn === undefined || (left?.[0] === turn && this.#left.get(job.to)?.[0] === turn);
  }

  pass(job: MoveJob): void {
    for (const host of [job.from, job.to]) {
      const left = this.#left.get(host);
      if (left !== undefined) {
        this.#left.set(
          host,
          left.filter((turn) => !isOf(turn, job)),
        );
      }
    }
  }
}

const isOf = (turn: Turn, { vm, from, to }: MoveJob): boolean => turn.vm === vm && turn.from === from && turn.to === to;
