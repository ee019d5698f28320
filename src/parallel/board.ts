import type { Board } from '../decide/deep/search.ts';

/**
 * Memory that searches share: the cost and the columns of each. Whoever writes counts up before and after; whoever reads
 * an odd count, or another one than before, has come at a bad moment and leaves it at that.
 */
export interface SharedBoard {
  readonly counts: Int32Array<SharedArrayBuffer>;
  readonly costs: Float64Array<SharedArrayBuffer>;
  /** Searches × items. */
  readonly hostOf: Int32Array<SharedArrayBuffer>;
}

export function sharedBoard(searches: number, items: number): SharedBoard {
  const { BYTES_PER_ELEMENT: four } = Int32Array;
  const { BYTES_PER_ELEMENT: eight } = Float64Array;
  return {
    counts: new Int32Array(new SharedArrayBuffer(searches * four)),
    costs: new Float64Array(new SharedArrayBuffer(searches * eight)).fill(Number.POSITIVE_INFINITY),
    hostOf: new Int32Array(new SharedArrayBuffer(searches * items * four)),
  };
}

export function boardOf({ counts, costs, hostOf }: SharedBoard, own: number): Board {
  const items = hostOf.length / counts.length;
  return {
    post(cost, column) {
      Atomics.add(counts, own, 1);
      costs[own] = cost;
      hostOf.set(column, own * items);
      Atomics.add(counts, own, 1);
    },
    better(cost) {
      let best = own;
      for (let n = 0; n < counts.length; n++) if (n !== own && costs[n]! < Math.min(cost, costs[best]!)) best = n;
      if (best === own) return undefined;
      const before = Atomics.load(counts, best);
      const found = { cost: costs[best]!, hostOf: Int32Array.from(hostOf.slice(best * items, (best + 1) * items)) };
      return before % 2 === 0 && Atomics.load(counts, best) === before ? found : undefined;
    },
  };
}
