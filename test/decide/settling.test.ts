import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { Judge } from '../../src/decide/judge.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import { Draft } from '../../src/domain/draft.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { afterwards } from '../kit/afterwards.ts';
import { cyclesOnSteadyLoad } from '../kit/cycles.ts';
import { acceptedWords, decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { many } from '../kit/fleet.ts';
import { randomSnapshot } from '../kit/random-snapshot.ts';

const PROFILES = [
  ['load-balance'],
  ['green-consolidation'],
  ['network-aware'],
  // One spreads, the other packs.
  ['load-balance', 'green-consolidation'],
  STOCK_POLICIES.map((each) => each.policy.id),
];
const SEEDS = Array.from({ length: 25 }, (_, n) => n + 1);

function generated(seed: number): Inventory {
  const options = { hosts: 4 + (seed % 9), vms: 20 + ((seed * 7) % 50), racks: 2, skew: (seed % 5) / 10 };
  const inventory = generateInventory({ ...GENERATE_DEFAULTS, ...options, load: 0.2 + (seed % 6) / 12 }, seed);
  if ('because' in inventory) throw new Error(`seed ${seed}: ${inventory.because}`);
  return inventory;
}

/** A quarter of the hosts have too much to do. */
function skewed(hosts: number, seed: number): Snapshot {
  const options = { hosts, vms: 8 * hosts, racks: Math.ceil(hosts / 32), skew: 0.25, rules: 0.1 };
  const load = [0.2, 0.35, 0.5, 0.65][seed % 4]!;
  const inventory = generateInventory({ ...GENERATE_DEFAULTS, ...options, load }, seed);
  if ('because' in inventory) throw new Error(`seed ${seed}: ${inventory.because}`);
  return toSnapshot(inventory);
}

/** However often the search changes its mind, each VM and host is told once what to do, from where it is. */
function expectOneWordEach(snapshot: Snapshot, { decisions, efficacy }: Verdicts): void {
  const accepted = decisions.filter(isAccepted);
  const changes = accepted.flatMap((decision) => decision.changes);
  const subjects = changes.map((change) => (change.kind === 'move' ? `vm ${change.vm}` : `host ${change.host}`));
  expect(new Set(subjects).size).toBe(subjects.length);
  for (const change of changes) {
    if (change.kind !== 'move') continue;
    expect(snapshot.hosts.ids[snapshot.vms.host[snapshot.vms.index.get(change.vm)!]!]).toBe(change.from);
  }
  const saved = accepted.reduce((sum, { savingPerHour }) => sum + savingPerHour, 0);
  expect(efficacy.costBeforePerHour - efficacy.costAfterPerHour).toBeCloseTo(saved, 6);
}

describe.each(PROFILES)('laws of profile %s …', (...ids) => {
  const policies = STOCK_POLICIES.filter(({ policy }) => ids.includes(policy.id));

  it.each(SEEDS)('seed %i: every decision pays, breaks no rule, and the next cycle has nothing to do', (seed) => {
    const snapshot = toSnapshot(generated(seed));
    const verdicts = decide(decideInput(snapshot, { policies }));
    expectOneWordEach(snapshot, verdicts);
    for (const decision of verdicts.decisions.filter(isAccepted)) {
      if (decision.phase === 'improve') expect(decision.savingPerHour).toBeGreaterThan(decision.onceCost);
    }
    const after = afterwards(snapshot, verdicts);
    expect(new Judge(new Draft(after), DEFAULT_PROFILE).violations()).toEqual([]);
    expect(acceptedWords(decide(decideInput(after, { policies })))).toEqual([]);
  });

  it('gives the same answer whatever the order of the hosts', () => {
    for (const seed of SEEDS) {
      const inventory = generated(seed);
      const reversed = { ...inventory, hosts: inventory.hosts.toReversed() };
      const [one, other] = [inventory, reversed].map((each) => decide(decideInput(toSnapshot(each), { policies })));
      expect(JSON.stringify(other?.decisions)).toBe(JSON.stringify(one?.decisions));
    }
  });
});

describe('what the next cycle would find is found in this one …', () => {
  const pair = STOCK_POLICIES.filter(({ policy }) => policy.id !== 'load-balance');

  it.each([
    { it: 'where a whole host could be exchanged or emptied', snapshot: randomSnapshot(7_041), policies: pair },
    { it: 'where that takes many moves', snapshot: randomSnapshot(7_050), policies: pair },
    { it: 'in a fleet of 150 hosts', snapshot: skewed(150, 1), policies: STOCK_POLICIES },
    { it: 'in a fleet of 300 hosts', snapshot: skewed(300, 3), policies: STOCK_POLICIES },
  ])('$it', ({ snapshot, policies }) => {
    const verdicts = decide(decideInput(snapshot, { policies }));
    expectOneWordEach(snapshot, verdicts);
    expect(verdicts.limitsHit).toEqual([]);
    expect(acceptedWords(decide(decideInput(afterwards(snapshot, verdicts), { policies })))).toEqual([]);
  });

  it('but no more than the changes that a cycle may make', () => {
    const limits = { ...DEFAULT_LIMITS, changesPerCycle: 25 };
    const input = decideInput(randomSnapshot(7_050), { policies: pair, limits });
    const { efficacy, limitsHit } = decide(input);
    expect(efficacy.moves + efficacy.switchedOff + efficacy.switchedOn).toBeLessThanOrEqual(25);
    expect(limitsHit).toEqual(['no more than 25 changes per cycle']);
  });
});

describe('one policy that spreads and one that packs, in one profile on steady load …', () => {
  const policies = STOCK_POLICIES.filter(({ policy }) => ['load-balance', 'green-consolidation'].includes(policy.id));

  it.each(many(36, (n) => 2_000 + n))('seed %i: they rest within three cycles, and no VM is moved twice', (seed) => {
    const cycles = cyclesOnSteadyLoad(decideInput(randomSnapshot(seed), { policies }), 4, 45);
    expect(cycles.at(-1)).toEqual([]);
    const moved = cycles.flat().flatMap((change) => (change.kind === 'move' ? [change.vm] : []));
    expect(new Set(moved).size).toBe(moved.length);
  });
});
