import { describe, expect, it } from 'vitest';
import { Chance } from '../../../src/decide/deep/chance.ts';
import { compile } from '../../../src/decide/deep/compile.ts';
import { Placement } from '../../../src/decide/deep/placement.ts';
import { Rearrangement } from '../../../src/decide/deep/rearrangement.ts';
import { stateOf } from '../../bench/roadef/state.ts';
import { many } from '../../kit/fleet.ts';
import { EXAMPLE, randomInstance } from './instances.ts';

const rearrangementOf = (placement: Placement, seed = 1) =>
  new Rearrangement(placement, new Chance(seed), new Uint8Array(placement.model.items).fill(1));

/** What it costs, with what is lacking and broken. */
const worth = ({ cost, hostCost, hostPrice, counters }: Placement) =>
  cost + hostPrice.reduce((all, price, host) => all + price - hostCost[host]!, 0) + counters.price;

describe('a large one and several small ones', () => {
  // Machine 0 is safe up to 4 and machine 1 up to 6; one that needs 6 is on the first, two that need 2 on the second.
  const instance = {
    ...EXAMPLE,
    ...{ resources: 1, transient: [false], loadWeight: [10], machines: 2, machineMoveCost: new Int32Array(4) },
    ...{ neighbourhood: new Int32Array(2), location: new Int32Array(2), balances: [], serviceMoveWeight: 0 },
    ...{ capacity: Int32Array.of(6, 6), safety: Int32Array.of(4, 6), initial: Int32Array.of(0, 1, 1) },
    ...{ services: 3, spreadLeast: new Int32Array(3), dependsOn: [[], [], []], serviceOf: Int32Array.of(0, 1, 2) },
    ...{ need: Int32Array.of(6, 2, 2), processMoveCost: new Int32Array(3) },
  };

  it('change places, which nothing smaller could bring about', () => {
    const placement = new Placement(compile(stateOf(instance)).model, instance.initial);
    expect(placement.tryMove(0, 1, 0)).toBe(false);
    expect(placement.trySwap(0, 1, 0) || placement.trySwap(0, 2, 0)).toBe(false);
    expect(rearrangementOf(placement).attempt(0, 1, 0)).toBe(true);
    expect([...placement.hostOf]).toEqual([1, 0, 0]);
    expect(placement.cost).toBe(0);
  });

  it('stay where they are when one of the small ones may not move', () => {
    const placement = new Placement(compile(stateOf(instance)).model, instance.initial);
    const rearrangement = new Rearrangement(placement, new Chance(1), Uint8Array.of(1, 0, 1));
    expect(rearrangement.attempt(0, 1, 0)).toBe(false);
    expect([...placement.hostOf]).toEqual([0, 1, 1]);
    expect(placement.cost).toBe(20);
  });
});

describe('a walk of rearrangements', () => {
  it.each(many(25, (n) => n))('changes no more than it may, or nothing (%i)', (seed) => {
    const { model } = compile(stateOf(randomInstance(seed)));
    const placement = new Placement(model, model.home);
    placement.loads.lackPrice.fill(3);
    for (let host = 0; host < model.hosts; host++) placement.recount(host);
    const chance = new Chance(seed);
    const rearrangement = rearrangementOf(placement, seed);
    let made = 0;
    for (let n = 0; n < 200; n++) {
      const [before, worthBefore] = [Int32Array.from(placement.hostOf), worth(placement)];
      const most = 200 * chance.patience();
      if (rearrangement.attempt(chance.below(model.items), chance.below(model.hosts), most)) {
        made += 1;
        expect(worth(placement)).toBeLessThanOrEqual(worthBefore + most + 1e-6);
      } else {
        expect(placement.hostOf).toEqual(before);
        expect(worth(placement)).toBeCloseTo(worthBefore, 4);
      }
    }
    expect(made).toBeGreaterThan(10);
    expect(placement.cost).toBeCloseTo(new Placement(model, placement.hostOf).cost, 3);
  });
});
