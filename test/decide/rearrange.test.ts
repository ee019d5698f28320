import { describe, expect, it } from 'vitest';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { GIB } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { decideOn } from '../kit/deciding.ts';
import { aHost, aVm, many } from '../kit/fleet.ts';

const GREEDY = { ...DEFAULT_PROFILE, leastSavingPerHour: 0, spareHosts: 0, spareShare: 0 };

const vm = (id: string, host: string, cpuMhz: number, gib: number, traits: Partial<Vm> = {}): Vm =>
  aVm({ id, host, demand: { cpuMhz, memoryBytes: gib * GIB }, memoryActiveBytes: GIB, ...traits });

/** The moves of each accepted decision, decision by decision. */
function movesOf(verdicts: Verdicts): string[][] {
  return verdicts.decisions
    .filter(isAccepted)
    .map(({ changes }) =>
      changes.map((change) => (change.kind === 'move' ? `${change.vm} → ${change.to}` : `${change.host} ${change.to}`)),
    );
}

describe('two VMs change places', () => {
  const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2' })];
  // Memory is full on both hosts: nobody can move unless somebody comes the other way.
  const crowded = [
    vm('busy', 'h1', 40_000, 60),
    vm('busy-too', 'h1', 38_000, 60),
    vm('idle', 'h2', 1_000, 60),
    vm('idle-too', 'h2', 1_000, 60),
  ];

  it('in one decision, where no single move is possible', () => {
    const verdicts = decideOn({ hosts, vms: crowded }, { power: false });
    const [swap, ...others] = movesOf(verdicts);
    expect(others).toEqual([]);
    expect(swap).toHaveLength(2);
    expect(swap).toEqual([expect.stringMatching(/^busy.* → h2/), expect.stringMatching(/^idle.* → h1/)]);
    expect(verdicts.decisions[0]?.because).toMatch(/change places/);
  });

  it('but not where that breaks a rule for one of them', () => {
    const rules: readonly Rule[] = many(2, (n) => ({
      kind: 'anti-affinity',
      id: `apart-${n}`,
      vms: n === 1 ? ['busy', 'idle', 'idle-too'] : ['busy-too', 'idle', 'idle-too'],
      level: 'host',
    }));
    const vms = crowded.map((each) => (each.id.startsWith('idle') ? { ...each, migratable: false } : each));
    expect(movesOf(decideOn({ hosts, vms }, { power: false }))).toEqual([]);
    expect(movesOf(decideOn({ hosts, vms: crowded, rules }, { power: false })).flat()).toEqual([]);
  });
});

describe('a chain', () => {
  it('relieves a hot host where one must step aside for another, both or none', () => {
    const verdicts = decideOn(
      {
        hosts: [
          aHost({ id: 'h1', vlans: ['a'] }),
          aHost({ id: 'h2', vlans: ['a', 'b'] }),
          aHost({ id: 'h3', vlans: ['b'] }),
        ],
        vms: [
          vm('hot', 'h1', 50_000, 60, { vlans: ['a'] }),
          vm('stays', 'h1', 45_000, 60, { migratable: false }),
          vm('in-the-way', 'h2', 500, 60, { vlans: ['b'] }),
          vm('beside', 'h2', 500, 40, { migratable: false }),
        ],
      },
      { power: false },
    );
    expect(movesOf(verdicts)).toEqual([['in-the-way → h3', 'hot → h2']]);
    expect(verdicts.decisions[0]?.because).toMatch(/h1 was at 119 % cpu.*made room for another/);
  });

  it('pushes a VM in where two others have to leave for it, one of them to where it came from', () => {
    const verdicts = decideOn(
      {
        hosts: [
          aHost({ id: 'h1', vlans: ['a', 'b'] }),
          aHost({ id: 'h2', vlans: ['a', 'b'] }),
          aHost({ id: 'h3', vlans: ['b'] }),
        ],
        vms: [
          vm('hot', 'h1', 55_000, 100, { vlans: ['a'] }),
          vm('stays', 'h1', 40_000, 20, { migratable: false }),
          vm('one', 'h2', 500, 55, { vlans: ['b'] }),
          vm('two', 'h2', 500, 55, { vlans: ['b'] }),
          vm('beside', 'h3', 500, 60, { migratable: false }),
        ],
      },
      { power: false },
    );
    const [moves = [], ...others] = movesOf(verdicts);
    expect(others).toEqual([]);
    expect(moves.toSorted()).toEqual(['hot → h2', 'one → h1', 'two → h3']);
    expect(verdicts.decisions[0]?.because).toMatch(/h1 was at 119 % cpu; on h2 others make room for hot/);
  });

  it('repairs a broken rule where there is room only for who takes the place of another', () => {
    const verdicts = decideOn({
      hosts: [aHost({ id: 'h1', vlans: ['a'] }), aHost({ id: 'h2', vlans: ['a'] }), aHost({ id: 'h3' })],
      vms: [
        vm('one', 'h1', 500, 60, { vlans: ['a'] }),
        vm('two', 'h1', 500, 60, { vlans: ['a'] }),
        vm('in-the-way', 'h2', 500, 80),
      ],
      rules: [{ kind: 'anti-affinity', id: 'apart', vms: ['one', 'two'], level: 'host' }],
    });
    expect(verdicts.unrepaired).toEqual([]);
    expect(verdicts.decisions[0]).toMatchObject({ phase: 'repair' });
    expect(movesOf(verdicts)[0]).toEqual(['in-the-way → h3', 'one → h2']);
  });
});

describe('emptying hosts', () => {
  it('puts a small VM out to make room for a large one', () => {
    const verdicts = decideOn(
      {
        hosts: many(3, (n) => aHost({ id: `h${n}` })),
        vms: [
          vm('large', 'h1', 500, 60),
          vm('filler', 'h2', 500, 40),
          vm('small', 'h2', 500, 30),
          vm('wide', 'h3', 500, 75),
          vm('narrow', 'h3', 500, 10),
        ],
      },
      { profile: GREEDY },
    );
    expect(verdicts.efficacy.hostsOnAfter).toBe(2);
  });

  it('wakes a frugal host to put a wasteful one to sleep, in one decision', () => {
    const wasteful = { watts: [300, 500], offWatts: 5, bootSeconds: 60, shutdownSeconds: 60 };
    const frugal = { watts: [50, 120], offWatts: 5, bootSeconds: 60, shutdownSeconds: 60 };
    const verdicts = decideOn(
      {
        hosts: [aHost({ id: 'h1', powerModel: wasteful }), aHost({ id: 'h2', powerModel: frugal, power: 'off' })],
        vms: many(3, (n) => vm(`v${n}`, 'h1', 5_000, 8)),
      },
      { profile: GREEDY },
    );
    expect(movesOf(verdicts)).toEqual([['h2 on', 'v1 → h2', 'v2 → h2', 'v3 → h2', 'h1 off']]);
    expect(verdicts.decisions[0]?.because).toBe('h2 does the work of h1 for less');
  });
});
