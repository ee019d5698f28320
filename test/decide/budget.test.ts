import { describe, expect, it } from 'vitest';
import { decide, decideNext } from '../../src/decide/decide.ts';
import { Situation } from '../../src/decide/situation.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { decideInput } from '../kit/deciding.ts';

const generated = generateInventory({ ...GENERATE_DEFAULTS, hosts: 40, vms: 300, racks: 4, skew: 0.5 }, 7);
if ('because' in generated) throw new Error(generated.because);
const SNAPSHOT = toSnapshot(generated);

const within = (searchStepsPerCycle: number) =>
  decideInput(SNAPSHOT, { limits: { ...DEFAULT_LIMITS, searchStepsPerCycle } });

const savedBy = (steps: number) => {
  const { costBeforePerHour, costAfterPerHour } = decide(within(steps)).efficacy;
  return costBeforePerHour - costAfterPerHour;
};

describe('a search with a budget', () => {
  it('is one without where it comes to its end before', () => {
    expect(decide(within(1_000_000))).toEqual(decide(within(0)));
    expect(decide(within(0)).limitsHit).toEqual([]);
  });

  it('ends with what it has, and says so', () => {
    const { limitsHit, efficacy } = decide(within(20));
    expect(limitsHit).toEqual(['no more than 20 steps of searching per cycle']);
    expect(efficacy.moves).toBeGreaterThan(0);
    expect(efficacy.costAfterPerHour).toBeLessThan(efficacy.costBeforePerHour);
  });

  it('saves more the more steps it may take, and the same in the same', () => {
    expect([5, 20, 80, 320].map(savedBy)).toEqual([5, 20, 80, 320].map(savedBy).sort((a, b) => a - b));
    expect(decide(within(50))).toEqual(decide(within(50)));
  });

  it('ends when the time is up, which is asked between steps', () => {
    let asked = 0;
    const isTimeUp = () => ++asked > 2;
    const { limitsHit } = decide({ ...within(0), isTimeUp });
    expect(limitsHit).toEqual([expect.stringMatching(/^the time for searching was up after \d+ steps$/)]);
    const [steps] = /\d+/.exec(limitsHit[0]!)!;
    const { decisions, efficacy } = decide(within(Number(steps)));
    asked = 0;
    expect(decide({ ...within(0), isTimeUp })).toMatchObject({ decisions, efficacy });
  });

  it('leaves the next cycle everything to look at', () => {
    const { memory } = decideNext(within(20), undefined);
    expect(new Situation(memory.input, memory).lookedAt).toBeUndefined();
  });
});
