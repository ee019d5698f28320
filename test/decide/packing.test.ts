import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { Judge } from '../../src/decide/judge.ts';
import { isAccepted } from '../../src/domain/decision.ts';
import { Draft } from '../../src/domain/draft.ts';
import { DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { CPU, MEMORY, RESOURCES } from '../../src/domain/resources.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GIB } from '../../src/domain/units.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { type SeededRandom, seededRandom, wholeBelow } from '../../src/simulator/random.ts';
import { Objective, placesAfter } from '../bench/objective.ts';
import { type SmallCase, smallCase } from '../bench/small-cases.ts';
import { afterwards } from '../kit/afterwards.ts';
import { decideInput, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';

const GREEN = STOCK_POLICIES.filter(({ policy }) => policy.id === 'green-consolidation');
const UNRESERVED = { ...DEFAULT_PROFILE, leastSavingPerHour: 0, spareHosts: 0, spareShare: 0 };

/** The least that any places cost, by trying all of them. */
function leastObjective({ input }: SmallCase): number {
  const objective = new Objective(input);
  const { hosts, vms } = input.snapshot;
  const before = objective.before;
  const hostOf = vms.ids.map(() => 0);
  let least = Number.POSITIVE_INFINITY;
  const fill = (vm: number): void => {
    if (vm === hostOf.length) {
      const on = hosts.ids.map((_, host) => hostOf.includes(host));
      least = Math.min(least, objective.objective({ hostOf, on }));
      // Switching an empty host off has a price, too.
      least = Math.min(least, objective.objective({ hostOf, on: on.map((isOn, host) => isOn || before.on[host]!) }));
      return;
    }
    for (let host = 0; host < hosts.ids.length; host++) {
      hostOf[vm] = host;
      if (hasRoom(input.snapshot, hostOf.slice(0, vm + 1), host)) fill(vm + 1);
    }
  };
  fill(0);
  return least;
}

function hasRoom({ hosts, vms }: Snapshot, hostOf: readonly number[], host: number): boolean {
  return [CPU, MEMORY].every((r) => {
    const used = hostOf.reduce((sum, at, vm) => sum + (at === host ? vms.demand[r]![vm]! : 0), 0);
    return used <= hosts.capacity[r]![host]! * DEFAULT_PROFILE.ceilings[RESOURCES[r]!.name];
  });
}

describe('small fleets', () => {
  const small = many(200, (n) => smallCase(n, 3)).filter(({ setting, input }) => {
    return setting !== 'rules and reserve' && input.snapshot.vms.ids.length <= 9;
  });

  it.each(small)('seed $seed ($setting): what is decided is as cheap as anything', (each) => {
    const verdicts = decide(each.input);
    const objective = new Objective(each.input);
    const places = placesAfter(each.input.snapshot, verdicts);
    expect(objective.running(places)).toBeCloseTo(verdicts.efficacy.costAfterPerHour, 9);
    expect(objective.objective(places) / leastObjective(each) - 1).toBeLessThan(0.03);
  });
});

describe('larger fleets', () => {
  const HOSTS = 60;

  /** VMs that take a tenth to four tenths of a host, independently in CPU and memory, half of all there is. */
  function scattered(random: SeededRandom): Snapshot {
    const capacity = { cpuMhz: 100_000, memoryBytes: 100 * GIB };
    const used = many(HOSTS, () => ({ cpu: 0, memory: 0 }));
    const vms = many(2 * HOSTS, (n) => {
      const [cpu, memory] = [0.1 + 0.3 * random.next(), 0.1 + 0.3 * random.next()];
      let host = wholeBelow(random, HOSTS);
      while (used[host]!.cpu + cpu > 1 || used[host]!.memory + memory > 1) host = (host + 1) % HOSTS;
      used[host]!.cpu += cpu;
      used[host]!.memory += memory;
      return aVm({
        id: `v${n}`,
        host: `h${host + 1}`,
        demand: { cpuMhz: cpu * 100_000, memoryBytes: memory * 100 * GIB },
      });
    });
    return aSnapshot({ hosts: many(HOSTS, (n) => aHost({ id: `h${n}`, capacity })), vms });
  }

  it.each([1, 2, 3])('seed %i: are packed nearly as tightly as can be where moves cost nothing', (seed) => {
    const snapshot = scattered(seededRandom(seed));
    const free = { perMigratedGib: 0, perMigrationMinute: 0, perBlackoutSecond: 0, perPowerCycle: 0 };
    const profile = { ...UNRESERVED, ceilings: { cpu: 1, memory: 1, netRx: 1, netTx: 1 } };
    const input = decideInput(snapshot, { policies: GREEN, profile, prices: { ...DEFAULT_PRICES, ...free } });
    const verdicts = decide(input);
    const wanted = [CPU, MEMORY].map((r) => {
      const sum = snapshot.vms.ids.reduce((total, _, vm) => total + snapshot.vms.demand[r]![vm]!, 0);
      return Math.ceil(sum / snapshot.hosts.capacity[r]![0]!);
    });
    expect(verdicts.efficacy.hostsOnAfter).toBeLessThanOrEqual(1.08 * Math.max(...wanted));
    // Hosts have been unpacked together, and not only emptied one by one.
    expect(verdicts.decisions.filter(isAccepted).some(({ changes }) => changes.length > 12)).toBe(true);
    const after = afterwards(snapshot, verdicts);
    expect(new Judge(new Draft(after), profile).violations()).toEqual([]);
  });

  it('are not torn apart for it where moves have their price', () => {
    const verdicts = decide(decideInput(scattered(seededRandom(1)), { policies: GREEN, profile: UNRESERVED }));
    const accepted = verdicts.decisions.filter(isAccepted);
    expect(accepted.every(({ changes }) => changes.length <= 12)).toBe(true);
    expect(accepted.every(({ savingPerHour, onceCost }) => savingPerHour > onceCost * UNRESERVED.margin)).toBe(true);
  });
});

it('spreads memory evenly by moves and swaps where a policy dislikes full hosts', () => {
  const random = seededRandom(5);
  const policy = definePolicy({
    id: 'even-memory',
    about: 'The fuller a host, the more the next GiB costs.',
    phase: 'improve',
    options: {},
    terms: { host: 'unevenness' },
    cost: { host: ({ memory }) => 1000 * memory.share ** 2 },
  });
  const snapshot = aSnapshot({
    hosts: many(40, (n) => aHost({ id: `h${n}`, capacity: { memoryBytes: 512 * GIB } })),
    vms: many(400, (n) => {
      const host = `h${1 + Math.floor(random.next() ** 1.2 * 40)}`;
      return aVm({ id: `v${n}`, host, demand: { cpuMhz: 100, memoryBytes: (2 + wholeBelow(random, 50)) * GIB } });
    }),
  });
  const policies = [{ policy, version: 'test', weight: 1, values: {} }];
  const after = afterwards(snapshot, decide(decideInput(snapshot, { policies, profile: UNRESERVED, power: false })));
  const used = after.hosts.ids.map((_, host) => {
    const on = (sum: number, at: number, vm: number) => (at === host ? sum + after.vms.demand[MEMORY]![vm]! : sum);
    return Array.from(after.vms.host).reduce(on, 0) / (512 * GIB);
  });
  expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(0.016);
});
