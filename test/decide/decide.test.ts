import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import { isAccepted } from '../../src/domain/decision.ts';
import { DEFAULT_LIMITS, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { perResource } from '../../src/domain/resources.ts';
import { GIB, MINUTE } from '../../src/domain/units.ts';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import { move } from '../../src/sdk/fleet.ts';
import { definePolicy } from '../../src/sdk/index.ts';
import { acceptedWords, decideInput, decideOn, STOCK_POLICIES } from '../kit/deciding.ts';
import { aHost, aSnapshot, aVm, many, NOON_MS } from '../kit/fleet.ts';

const hosts = (count: number, traits: Parameters<typeof aHost>[0] = {}) =>
  many(count, (n) => aHost({ id: `h${n}`, ...traits }));

const atWork = (policy: LoadedPolicy['policy']): LoadedPolicy => ({ policy, version: 'test', weight: 1, values: {} });

describe('repair', () => {
  it('separates what a rule keeps apart, before anything else', () => {
    const verdicts = decideOn({
      hosts: hosts(2),
      vms: [aVm({ id: 'a', host: 'h1' }), aVm({ id: 'b', host: 'h1' })],
      rules: [{ kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host' }],
    });
    expect(verdicts.violations).toHaveLength(1);
    expect(verdicts.unrepaired).toEqual([]);
    expect(verdicts.decisions[0]).toMatchObject({ phase: 'repair', policy: 'core' });
    expect(acceptedWords(verdicts)).toEqual(['a: h1 → h2']);
  });

  it('empties a host under maintenance', () => {
    const verdicts = decideOn({
      hosts: [aHost({ id: 'h1', maintenance: true }), ...hosts(3).slice(1)],
      vms: many(3, (n) => aVm({ id: `v${n}`, host: 'h1' })),
    });
    expect(acceptedWords(verdicts).filter((words) => words.includes('h1 →'))).toHaveLength(3);
    expect(verdicts.unrepaired).toEqual([]);
  });

  it('goes above the ceiling rather than leave a rule broken, but never above what is there', () => {
    const big = (id: string, host: string, gib: number) => aVm({ id, host, demand: { memoryBytes: gib * GIB } });
    const rules = [{ kind: 'anti-affinity', id: 'apart', vms: ['a', 'b'], level: 'host' }] as const;
    const tight = decideOn({
      hosts: hosts(2),
      vms: [big('a', 'h1', 8), big('b', 'h1', 8), big('c', 'h2', 118)],
      rules,
    });
    expect(acceptedWords(tight)).toEqual(['a: h1 → h2']);
    const full = decideOn({ hosts: hosts(2), vms: [big('a', 'h1', 8), big('b', 'h1', 8), big('c', 'h2', 124)], rules });
    expect(acceptedWords(full)).toEqual([]);
    expect(full.unrepaired).toHaveLength(1);
    expect(full.decisions[0]?.refusal?.because).toMatch(/can go nowhere: h2 would be at .* of its memory/);
  });
});

describe('relieve', () => {
  it('switches a host on when those that are on cannot relieve, and moves VMs there in the same decision', () => {
    const verdicts = decideOn({
      hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2', power: 'off' })],
      vms: many(3, (n) => aVm({ id: `v${n}`, host: 'h1', demand: { cpuMhz: 30_000 } })),
    });
    const decision = verdicts.decisions.find(isAccepted);
    expect(decision?.changes.map((change) => change.kind)).toEqual(['power', 'move']);
    expect(decision?.because).toMatch(/h1 is at 113 % cpu and no host that is on can relieve it/);
  });

  it('switches a host on for several that suffer too little each', () => {
    const policies = STOCK_POLICIES.map((loaded) =>
      loaded.policy.id === 'load-balance' ? { ...loaded, values: { ...loaded.values, slowdown: 0 } } : loaded,
    );
    const crowded = (hostCount: number) => ({
      hosts: [...hosts(hostCount), aHost({ id: 'full' }), aHost({ id: 'h9', power: 'off' })],
      vms: [
        ...many(hostCount, (h) =>
          many(8, (n) => aVm({ id: `v${h}-${n}`, host: `h${h}`, demand: { cpuMhz: 10_030 } })),
        ).flat(),
        aVm({ id: 'large', host: 'full', demand: { memoryBytes: 127 * GIB } }),
      ],
    });
    const profile = { ...DEFAULT_PROFILE, spareHosts: 0, spareShare: 0, ceilings: perResource(() => 1) };
    const woken = (hostCount: number) =>
      decideOn(crowded(hostCount), { policies, profile })
        .decisions.filter(isAccepted)
        .map(({ because }) => because);
    expect(woken(1)).toEqual([]);
    expect(woken(6)[0]).toMatch(/6 hosts are crowded, h1 at 100 % cpu, and none that is on can relieve them/);
  });

  it('says why a hot host could not be helped', () => {
    const verdicts = decideOn({
      hosts: hosts(1),
      vms: many(3, (n) => aVm({ id: `v${n}`, demand: { cpuMhz: 30_000 } })),
    });
    expect(verdicts.decisions).toHaveLength(1);
    expect(verdicts.decisions[0]).toMatchObject({ phase: 'relieve', refusal: { rule: 'payback' } });
  });

  it('sends for a host when the reserve is used up', () => {
    const busy = (host: string, n: number) => aVm({ id: `${host}-${n}`, host, demand: { cpuMhz: 9_500 } });
    const verdicts = decideOn({
      hosts: [...hosts(2), aHost({ id: 'h3', power: 'off' })],
      vms: many(6, (n) => [busy('h1', n), busy('h2', n)]).flat(),
    });
    expect(acceptedWords(verdicts)).toEqual(['h3: switch on']);
  });

  it('leaves power alone when it may not touch it', () => {
    const verdicts = decideOn({ hosts: hosts(4), vms: [aVm()] }, { power: false });
    expect(acceptedWords(verdicts)).toEqual([]);
  });
});

describe('limits', () => {
  it('stops at the changes allowed per cycle and says so', () => {
    const limits = { ...DEFAULT_LIMITS, changesPerCycle: 2 };
    const verdicts = decideOn(
      { hosts: hosts(6), vms: many(6, (n) => aVm({ id: `v${n}`, host: `h${n}` })) },
      { limits },
    );
    expect(acceptedWords(verdicts)).toHaveLength(2);
    expect(verdicts.limitsHit).toEqual(['no more than 2 changes per cycle']);
  });
});

describe('a policy that fails', () => {
  const broken = (cost: () => number) =>
    atWork(definePolicy({ id: 'broken', about: '', phase: 'improve', options: {}, terms: {}, cost: { host: cost } }));

  it.each([
    [
      'throws',
      () => {
        throw new Error('no such field');
      },
      /its cost threw: no such field/,
    ],
    ['gives no number', () => Number.NaN, /NaN, which is no amount of money/],
  ] as const)('because it %s is left out, and the others go on', (_, cost, because) => {
    const hot = { hosts: hosts(2), vms: many(3, (n) => aVm({ id: `v${n}`, demand: { cpuMhz: 30_000 } })) };
    const verdicts = decideOn(hot, { policies: [...STOCK_POLICIES, broken(cost)] });
    expect(verdicts.skipped).toEqual([{ policy: 'broken', because: expect.stringMatching(because) }]);
    expect(acceptedWords(verdicts)).toEqual(['v1: h1 → h2']);
  });
});

describe('a policy that proposes', () => {
  it('hears the verdict on each proposal, and accepted ones count at once', () => {
    const heard: unknown[] = [];
    const policy = definePolicy({
      id: 'keeper',
      about: 'Wants everything on h2.',
      phase: 'improve',
      options: {},
      terms: { vm: 'away from home' },
      reasons: { home: '{vm} belongs on h2' },
      cost: { vm: (_vm, host) => (host.id === 'h2' ? 0 : 1) },
      *propose({ fleet, because }) {
        const [h2] = [...fleet.hosts()].filter((host) => host.id === 'h2');
        for (let n = 0; n < fleet.vmCount; n++) {
          const vm = fleet.vm(n);
          const verdict = yield { wishes: [move(vm, h2!)], because: because.home({ vm: vm.id }) };
          heard.push(verdict.accepted ? fleet.host(vm.hostIndex).id : verdict.rule);
        }
      },
    });
    const vms = [aVm({ id: 'a' }), aVm({ id: 'b', migratable: false }), aVm({ id: 'c', demand: { cpuMhz: 70_000 } })];
    const verdicts = decideOn({ hosts: hosts(2), vms }, { policies: [atWork(policy)], power: false });
    // It is heard again in the end, as the next cycle would.
    expect(heard).toEqual(['h2', 'migratable', 'capacity', 'payback', 'migratable', 'capacity']);
    expect(verdicts.decisions[0]).toMatchObject({
      policy: 'keeper',
      because: 'a belongs on h2',
      policyVersion: 'test',
    });
  });

  it('is stopped when it proposes without end', () => {
    const policy = definePolicy({
      id: 'endless',
      about: '',
      phase: 'improve',
      options: {},
      terms: {},
      cost: {},
      *propose() {
        for (;;) yield { wishes: [], because: 'again' };
      },
    });
    const verdicts = decideOn({ hosts: hosts(2), vms: [aVm()] }, { policies: [atWork(policy)], power: false });
    expect(verdicts.skipped).toEqual([
      { policy: 'endless', because: expect.stringMatching(/more than 10000 proposals/) },
    ]);
  });
});

describe('explaining figures', () => {
  it('adds up: the terms of each decision give its saving, and all savings give the total', () => {
    const verdicts = decide(
      decideInput(
        aSnapshot({
          hosts: hosts(6),
          vms: many(18, (n) => aVm({ id: `v${n}`, host: `h${1 + (n % 3)}`, demand: { cpuMhz: 12_000 } })),
          flows: [{ from: 'v1', to: 'v2', bytesPerS: 40_000_000 }],
        }),
      ),
    );
    const accepted = verdicts.decisions.filter(isAccepted);
    expect(accepted.length).toBeGreaterThan(1);
    for (const { terms, savingPerHour } of accepted) {
      const sum = terms.reduce((total, term) => total + term.beforePerHour - term.afterPerHour, 0);
      expect(sum).toBeCloseTo(savingPerHour, 6);
    }
    const { costBeforePerHour, costAfterPerHour } = verdicts.efficacy;
    const saved = accepted.reduce((total, decision) => total + decision.savingPerHour, 0);
    expect(costBeforePerHour - costAfterPerHour).toBeCloseTo(saved, 6);
    const horizonHours = DEFAULT_PROFILE.horizonMinutes / 60;
    for (const decision of accepted) {
      expect(decision.savingPerHour * horizonHours).toBeGreaterThan(decision.onceCost * DEFAULT_PROFILE.margin);
    }
  });

  it('keeps a VM that has just moved where it is', () => {
    const vms = many(3, (n) => aVm({ id: `v${n}`, demand: { cpuMhz: 30_000 }, lastMoveAtMs: NOON_MS - MINUTE }));
    expect(acceptedWords(decideOn({ hosts: hosts(2), vms }, { power: false }))).toEqual([]);
  });
});
