import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { Judge } from '../../src/decide/judge.ts';
import type { Move } from '../../src/domain/change.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import { Draft } from '../../src/domain/draft.ts';
import { toInventory, toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Flight, Snapshot } from '../../src/domain/snapshot.ts';
import { GIB } from '../../src/domain/units.ts';
import { GENERATE_DEFAULTS, generateInventory } from '../../src/simulator/generate.ts';
import { acceptedWords, decideInput, decideOn } from '../kit/deciding.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';

const SEEDS = many(30, (n) => n);

function generated(seed: number): Snapshot {
  const options = { hosts: 4 + (seed % 6), vms: 25 + ((seed * 7) % 30), racks: 2, skew: (seed % 5) / 8 };
  const inventory = generateInventory({ ...GENERATE_DEFAULTS, ...options, load: 0.3 + (seed % 5) / 10 }, seed);
  if ('because' in inventory) throw new Error(`seed ${seed}: ${inventory.because}`);
  return toSnapshot(inventory);
}

const movesOf = (verdicts: Verdicts): Move[] =>
  verdicts.decisions
    .filter(isAccepted)
    .flatMap(({ changes }) => changes)
    .filter((change) => change.kind === 'move');

/** Every third has arrived, all others are on their way. */
function underWay(snapshot: Snapshot, moves: readonly Move[]): Snapshot {
  const inventory = toInventory(snapshot);
  const arrived = new Map(moves.filter((_, i) => i % 3 === 2).map(({ vm, to }) => [vm, to]));
  const flights: Flight[] = moves.filter(({ vm }) => !arrived.has(vm)).map(({ vm, from, to }) => ({ vm, from, to }));
  const vms = inventory.vms.map((vm) => ({ ...vm, host: arrived.get(vm.id) ?? vm.host }));
  return toSnapshot({ ...inventory, vms, flights }, snapshot.version + 1);
}

describe('while migrations are under way', () => {
  it.each(SEEDS)('seed %i: the next cycle wants nothing that they do not bring about', (seed) => {
    const snapshot = generated(seed);
    const moves = movesOf(decide(decideInput(snapshot, { power: false })));
    const flying = underWay(snapshot, moves);
    expect(acceptedWords(decide(decideInput(flying, { power: false })))).toEqual([]);
    expect(new Judge(new Draft(flying), DEFAULT_PROFILE).violations()).toEqual([]);
  });

  it('nobody is sent where a departing VM still has its memory, and then somebody is', () => {
    const hosts = [
      aHost({ id: 'h1', capacity: { memoryBytes: 40 * GIB } }),
      aHost({ id: 'h2', capacity: { memoryBytes: 34 * GIB } }),
      aHost({ id: 'hot' }),
    ];
    const leaver = aVm({ id: 'leaver', host: 'h1', demand: { memoryBytes: 30 * GIB } });
    const suffers = many(2, (n) =>
      aVm({ id: `s${n}`, host: 'hot', demand: { cpuMhz: 60_000, memoryBytes: 20 * GIB } }),
    );
    const flights = [{ vm: 'leaver', from: 'h1', to: 'h2' }];
    const during = decideOn({ hosts, vms: [leaver, ...suffers], flights }, { power: false });
    const after = decideOn({ hosts, vms: [{ ...leaver, host: 'h2' }, ...suffers] }, { power: false });
    expect(acceptedWords(during)).toEqual([]);
    expect(acceptedWords(after)).toEqual(['s1: hot → h1']);
  });

  it('a reserve that is short only until a copy is done is whole', () => {
    const hosts = many(3, (n) => aHost({ id: `h${n}`, capacity: { memoryBytes: 32 * GIB } }));
    const vms = many(3, (n) => aVm({ id: `vm${n}`, host: `h${n}`, demand: { memoryBytes: 10 * GIB } }));
    const flights = [{ vm: 'vm1', from: 'h1', to: 'h2' }];
    const missing = (failures: number) => {
      const rules = [{ kind: 'failover', id: 'ha', failures, vms: [], vmLabels: {} }] as const;
      const snapshot = toSnapshot(anInventory({ hosts, vms, rules, flights }));
      return new Judge(new Draft(snapshot), DEFAULT_PROFILE).violations().length;
    };
    expect([1, 2].map(missing)).toEqual([0, 0]);
  });

  it('a host that is being relieved is not relieved again and again', () => {
    const hosts = many(4, (n) => aHost({ id: `h${n}` }));
    const hot = many(9, (n) => aVm({ id: `vm${n}`, host: 'h1', demand: { cpuMhz: 10_000 } }));
    const cool = many(3, (n) => aVm({ id: `cool${n}`, host: `h${n + 1}`, demand: { cpuMhz: 45_000 } }));
    const inventory = anInventory({ hosts, vms: [...hot, ...cool] });
    const moves = movesOf(decideOn(inventory, { power: false }));
    expect(moves.length).toBeGreaterThan(0);
    const flights = moves.map(({ vm, from, to }) => ({ vm, from, to }));
    expect(acceptedWords(decideOn({ ...inventory, flights }, { power: false }))).toEqual([]);
  });

  it('memory that is given away twice for the time of a copy is no rule broken', () => {
    const hosts = [aHost({ id: 'h1', capacity: { memoryBytes: 16 * GIB } }), aHost({ id: 'h2' })];
    const vms = [
      aVm({ id: 'goes', host: 'h1', demand: { memoryBytes: 10 * GIB } }),
      aVm({ id: 'stays', host: 'h1', demand: { memoryBytes: 10 * GIB } }),
    ];
    const flights = [{ vm: 'goes', from: 'h1', to: 'h2' }];
    expect(acceptedWords(decideOn({ hosts, vms, flights }, { power: false }))).toEqual([]);
  });
});
