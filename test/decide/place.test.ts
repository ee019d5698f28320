import { describe, expect, it } from 'vitest';
import { type Arrival, nowhereBecause, type Placement, placeVm } from '../../src/decide/place.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { decideInput, decideOn, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';

type Traits = Parameters<typeof aVm>[0];

function arrival(traits: Traits = {}, others: Partial<Arrival> = {}): Arrival {
  const { host: _, ...vm } = aVm({ id: 'new', ...traits });
  return { vm, flows: [], rules: [], ...others };
}

function placed(fleet: Partial<Inventory>, coming: Arrival, parts: Parameters<typeof decideInput>[1] = {}) {
  return placeVm(decideInput(toSnapshot(anInventory(fleet)), parts), coming);
}

const starsOf = (placements: readonly Placement[]) => placements.map(({ host, stars }) => [host, stars]);

const busy = (host: string, cpuMhz: number) => aVm({ id: `on-${host}`, host, demand: { cpuMhz } });

describe('stars', () => {
  it('five for the best, fewer the dearer, none where a rule forbids it', () => {
    const hosts = [
      aHost({ id: 'calm' }),
      aHost({ id: 'hot' }),
      aHost({ id: 'hotter' }),
      aHost({ id: 'shut', maintenance: true }),
    ];
    const vms = [busy('calm', 10_000), busy('hot', 61_000), busy('hotter', 64_000)];
    const placements = placed({ hosts, vms }, arrival({ demand: { cpuMhz: 2_000 } }));
    expect(starsOf(placements)).toEqual([
      ['calm', 5],
      ['hot', expect.toSatisfy((stars: number) => stars > 1 && stars < 5)],
      ['hotter', 1],
      ['shut', 0],
    ]);
    expect(placements.at(-1)?.refusal).toMatchObject({ rule: 'open-host', because: 'shut is under maintenance' });
  });

  it('five for all when nobody could tell the difference', () => {
    const placements = placed({ hosts: many(3, (n) => aHost({ id: `h${n}` })) }, arrival());
    expect(starsOf(placements)).toEqual([
      ['h1', 5],
      ['h2', 5],
      ['h3', 5],
    ]);
  });
});

describe('what counts', () => {
  it('the rules: capacity, fitness, and those that come with the VM', () => {
    const hosts = [
      aHost({ id: 'full', storages: ['san'], capacity: { memoryBytes: 1 } }),
      aHost({ id: 'no-disk' }),
      aHost({ id: 'twin', storages: ['san'] }),
    ];
    const vms = [aVm({ id: 'web-1', host: 'twin' })];
    const apart = { kind: 'anti-affinity', id: 'web', vms: ['web-1', 'new'], level: 'host' } as const;
    const placements = placed({ hosts, vms }, arrival({ storages: ['san'] }, { rules: [apart] }));
    const refusals = Object.fromEntries(placements.map(({ host, refusal }) => [host, refusal?.rule]));
    expect(refusals).toEqual({ full: 'capacity', 'no-disk': 'fitness', twin: 'anti-affinity' });
    const nowhere = nowhereBecause(placements);
    expect(nowhere).toContain('fitness forbids 1 (no-disk does not see storage san)');
    expect(nowhere).toMatch(/capacity forbids 1 \(full would be at /);
  });

  it('whom it will talk to', () => {
    const hosts = [aHost({ id: 'h1', rack: 'r1' }), aHost({ id: 'h2', rack: 'r2' })];
    const flows = [{ from: 'new', to: 'db', bytesPerS: 50_000_000 }];
    const placements = placed({ hosts, vms: [aVm({ id: 'db', host: 'h2' })] }, arrival({}, { flows }));
    expect(placements[0]).toMatchObject({ host: 'h2', stars: 5 });
    expect(placements[1]).toMatchObject({ host: 'h1', stars: 1 });
    expect(nowhereBecause(placements)).toBeUndefined();
  });

  it('what switching a host on costs, where that is allowed', () => {
    const fleet = { hosts: [aHost({ id: 'off', power: 'off' }), aHost({ id: 'on' })] };
    const [best, other] = placed(fleet, arrival());
    expect(best).toMatchObject({ host: 'on', mustBeSwitchedOn: false });
    expect(other).toMatchObject({ host: 'off', mustBeSwitchedOn: true, stars: 1 });
    expect(other?.because).toMatch(/it will be at 3 % memory, once it has been switched on, which takes 3 min/);
    expect(placed(fleet, arrival(), { power: false })[1]?.refusal).toMatchObject({
      rule: 'open-host',
      because: 'off is off',
    });
  });

  it('nothing about the VM itself that only matters to VMs that move', () => {
    expect(placed({ hosts: [aHost()] }, arrival({ migratable: false, known: false }))[0]?.stars).toBe(5);
  });
});

it('says that there is no host where there is none', () => {
  expect(nowhereBecause(placed({ hosts: [] }, arrival()))).toBe('there is no host');
});

it.each([1, 2, 3, 4, 5])(
  'seed %i: what it says a host would cost is what the fleet costs with the VM there',
  (seed) => {
    const inventory = generateInventory({ ...GENERATE_DEFAULTS, hosts: 6, vms: 40, racks: 2 }, seed);
    if ('because' in inventory) throw new Error(inventory.because);
    const peer = inventory.vms[seed]!;
    const flows = [{ from: peer.id, to: 'new', bytesPerS: 2_000_000 }];
    const coming = arrival({ demand: { cpuMhz: 3_000 } }, { flows });
    const costOf = (fleet: Inventory) => decideOn(fleet).efficacy.costBeforePerHour;
    const without = costOf(inventory);
    for (const { host, addedPerHour, terms, refusal } of placed(inventory, coming, { profile: DEFAULT_PROFILE })) {
      if (refusal !== undefined) continue;
      const there = {
        ...inventory,
        vms: [...inventory.vms, { ...coming.vm, host }],
        flows: [...inventory.flows, ...flows],
      };
      expect(addedPerHour).toBeCloseTo(costOf(there) - without, 8);
      expect(terms).toHaveLength(STOCK_POLICIES.flatMap(({ policy }) => Object.keys(policy.cost)).length);
    }
  },
);
