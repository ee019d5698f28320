import { describe, expect, it } from 'vitest';
import { boardOf, sharedBoard } from '../../src/parallel/board.ts';

describe('a board that searches share', () => {
  it('shows the best of the others, and nothing that is no better', () => {
    const shared = sharedBoard(3, 2);
    const [first, second, third] = [0, 1, 2].map((own) => boardOf(shared, own));
    expect(first?.better(1_000)).toBeUndefined();
    second?.post(40, Int32Array.of(1, 2));
    third?.post(30, Int32Array.of(3, 4));
    expect(first?.better(1_000)).toEqual({ cost: 30, hostOf: Int32Array.of(3, 4) });
    expect(second?.better(40)).toEqual({ cost: 30, hostOf: Int32Array.of(3, 4) });
    expect(third?.better(30)).toBeUndefined();
    expect(first?.better(30)).toBeUndefined();
  });

  it('says nothing while somebody writes', () => {
    const shared = sharedBoard(2, 1);
    boardOf(shared, 1).post(5, Int32Array.of(1));
    Atomics.add(shared.counts, 1, 1);
    expect(boardOf(shared, 0).better(10)).toBeUndefined();
  });
});
