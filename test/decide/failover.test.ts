import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Judge } from '../../src/decide/judge.ts';
import { Draft } from '../../src/domain/draft.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { OFF, ON } from '../../src/domain/power.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import type { FailoverRule } from '../../src/domain/rule.ts';
import { GIB } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { acceptedWords, decideOn } from '../kit/deciding.ts';
import { aHost, anInventory, aSnapshot, aVm, many } from '../kit/fleet.ts';

const failover = (failures: number, parts: Partial<FailoverRule> = {}): FailoverRule => ({
  kind: 'failover',
  id: 'ha',
  failures,
  vms: [],
  vmLabels: {},
  ...parts,
});

const isProven = (inventory: Inventory): boolean =>
  new Judge(new Draft(aSnapshot(inventory)), DEFAULT_PROFILE).violations('failover').length === 0;

const sets = <T>(items: readonly T[], size: number): T[][] =>
  size === 0 ? [[]] : items.flatMap((item, i) => sets(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));

/**
 * Lets every set of hosts fail and starts their protected VMs again in the order given, each on the first host with room:
 * written from the facts alone. True if any VM of any set finds no host.
 */
function loses({ hosts, vms, rules }: Inventory, order: (vms: readonly Vm[]) => readonly Vm[]): boolean {
  const [rule] = rules as readonly FailoverRule[];
  return sets(hosts, rule!.failures).some((failed) => {
    const down = new Set(failed.map(({ id }) => id));
    const free = new Map(
      hosts
        .filter(({ id, power, maintenance }) => !down.has(id) && power === 'on' && !maintenance)
        .map((host) => {
          const own = vms.filter((vm) => vm.host === host.id);
          const left = (key: 'cpuMhz' | 'memoryBytes') =>
            own.reduce((room, vm) => room - vm.demand[key], host.capacity[key] - host.reserved[key]);
          return [host.id, { cpuMhz: left('cpuMhz'), memoryBytes: left('memoryBytes'), storages: host.storages }];
        }),
    );
    const lost = vms.filter((vm) => down.has(vm.host) && (rule!.vms.length === 0 || rule!.vms.includes(vm.id)));
    return order(lost).some(({ demand, storages }) => {
      for (const room of free.values()) {
        const fits = room.cpuMhz >= demand.cpuMhz && room.memoryBytes >= demand.memoryBytes;
        if (!fits || !storages.every((storage) => room.storages.includes(storage))) continue;
        room.cpuMhz -= demand.cpuMhz;
        room.memoryBytes -= demand.memoryBytes;
        return false;
      }
      return true;
    });
  });
}

const size = (most: number) => fc.integer({ min: 0, max: most });
const anyFleet = fc
  .record({
    hosts: fc.array(
      fc.record({
        cpu: fc.integer({ min: 4, max: 24 }),
        memory: fc.integer({ min: 4, max: 24 }),
        hasSan: fc.boolean(),
        isOff: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      }),
      { minLength: 2, maxLength: 6 },
    ),
    vms: fc.array(
      fc.record({
        at: fc.nat(),
        cpu: size(5),
        memory: size(5),
        needsSan: fc.integer({ min: 0, max: 5 }),
        isGold: fc.boolean(),
      }),
      { maxLength: 14 },
    ),
    failures: fc.integer({ min: 1, max: 3 }),
    isForAll: fc.boolean(),
  })
  .map(({ hosts, vms, failures, isForAll }): Inventory => {
    const up = hosts.flatMap(({ isOff }, n) => (isOff ? [] : [n]));
    const home = (at: number, needsSan: boolean) => {
      const fit = up.filter((n) => !needsSan || hosts[n]!.hasSan);
      return fit.length === 0 ? undefined : fit[at % fit.length]!;
    };
    const placed = vms.flatMap(({ at, cpu, memory, needsSan }, n) => {
      const on = home(at, needsSan === 0);
      const storages = needsSan === 0 ? ['san'] : [];
      const demand = { cpuMhz: cpu * 1000, memoryBytes: memory * GIB };
      return on === undefined ? [] : [aVm({ id: `v${n}`, host: `h${on}`, demand, storages })];
    });
    const gold = placed.filter((_, n) => vms[n]!.isGold).map(({ id }) => id);
    return anInventory({
      hosts: hosts.map(({ cpu, memory, hasSan, isOff }, n) =>
        aHost({
          id: `h${n}`,
          capacity: { cpuMhz: cpu * 1000, memoryBytes: memory * GIB },
          storages: hasSan ? ['san'] : [],
          power: isOff ? 'off' : 'on',
        }),
      ),
      vms: placed,
      rules: [failover(failures, { vms: isForAll ? [] : gold })],
    });
  });

describe('what is proven', () => {
  it('holds: whichever hosts fail, and in whatever order their VMs are started, each finds a host', () => {
    let proven = 0;
    const shuffled = fc.array(fc.nat(), { minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(anyFleet, shuffled, (inventory, keys) => {
        if (!isProven(inventory)) return;
        proven += 1;
        const order = (vms: readonly Vm[]) =>
          vms
            .map((vm, n) => ({ vm, key: keys[n]! }))
            .sort((a, b) => a.key - b.key)
            .map(({ vm }) => vm);
        expect(loses(inventory, order)).toBe(false);
      }),
      { numRuns: 2000 },
    );
    expect(proven).toBeGreaterThan(200);
  });

  it('is much of what is true, where VMs are small against their hosts', () => {
    const held = many(40, (n) => {
      const gib = 40 + 2 * n;
      const vms = many(8, (h) =>
        many(gib / 2, (v) => aVm({ id: `v${h}-${v}`, host: `h${h}`, demand: { cpuMhz: 300, memoryBytes: 2 * GIB } })),
      );
      return anInventory({ hosts: many(8, (h) => aHost({ id: `h${h}` })), vms: vms.flat(), rules: [failover(1)] });
    });
    const truly = held.filter((inventory) => !loses(inventory, (vms) => vms));
    expect(held.filter(isProven).length).toBeGreaterThan(truly.length * 0.9);
  });

  it('stays true to itself while VMs move and hosts are switched: the same as from scratch', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(anyFleet, changes, (inventory, wanted) => {
        fc.pre(inventory.vms.length > 0);
        const draft = new Draft(aSnapshot(inventory));
        const [before] = new Judge(draft, DEFAULT_PROFILE).failovers;
        const start = before!.margin;
        const mark = draft.mark();
        for (const [a, b, isMove] of wanted) {
          if (isMove) draft.move(a % inventory.vms.length, b % inventory.hosts.length);
          else draft.setPower(a % inventory.hosts.length, b % 2 === 0 ? ON : OFF);
        }
        const now = before!.margin > 0;
        const moved = inventory.vms.map((vm, n) => ({ ...vm, host: inventory.hosts[draft.hostOf[n]!]!.id }));
        const switched = inventory.hosts.map((host, n) => ({
          ...host,
          power: draft.power[n] === ON ? ('on' as const) : ('off' as const),
        }));
        const again = { ...inventory, hosts: switched, vms: moved };
        // Another weighing may prove more, never something that is false.
        if (now) expect(loses(again, (vms) => vms)).toBe(false);
        draft.undo(mark);
        expect(before!.margin).toBeCloseTo(start, 9);
      }),
      { numRuns: 300 },
    );
  });
});

const full = (host: string, gib: number) => aVm({ id: `on-${host}`, host, demand: { memoryBytes: gib * GIB } });

describe('a reserve for failing hosts', () => {
  const four = many(4, (n) => aHost({ id: `h${n}` }));
  const small = many(4, (h) => many(10, (v) => aVm({ id: `v${h}-${v}`, host: `h${h}` }))).flat();

  it('keeps hosts on that saving power would switch off', () => {
    const without = decideOn({ hosts: four, vms: small });
    const withRule = decideOn({ hosts: four, vms: small, rules: [failover(2)] });
    const off = (words: string[]) => words.filter((each) => each.endsWith('off')).length;
    expect(off(acceptedWords(without))).toBeGreaterThan(off(acceptedWords(withRule)));
    expect(withRule.unrepaired).toEqual([]);
  });

  it('wakes hosts until it is whole', () => {
    const hosts = [...four.slice(0, 2), ...four.slice(2).map((host) => ({ ...host, power: 'off' as const }))];
    const verdicts = decideOn(
      { hosts, vms: [full('h1', 100), full('h2', 100)], rules: [failover(1)] },
      { policies: [] },
    );
    expect(verdicts.violations[0]).toMatchObject({
      rule: 'failover',
      because: 'rule ha wants room for what any one host runs; if h1 failed, only 0 % of it would be certain',
    });
    expect(acceptedWords(verdicts)).toEqual(['h3: switch on']);
    expect(verdicts.unrepaired).toEqual([]);
  });

  it('says what would help where no host is left to wake', () => {
    const verdicts = decideOn({
      hosts: four.slice(0, 2),
      vms: [full('h1', 100), full('h2', 100)],
      rules: [failover(1)],
    });
    expect(verdicts.unrepaired).toHaveLength(1);
    expect(verdicts.decisions[0]?.refusal?.remedy).toBe('have more hosts on, or take rule ha away');
  });

  it('refuses a move that would scatter the room that it needs, and lets VMs move otherwise', () => {
    const hosts = four.slice(0, 3);
    const other = (id: string) => aVm({ id, host: 'h3', demand: { memoryBytes: 60 * GIB } });
    const vms = [full('h1', 100), other('x'), other('y')];
    const rule = failover(1, { vms: ['on-h1'] });
    const judge = new Judge(new Draft(aSnapshot({ hosts, vms, rules: [rule] })), DEFAULT_PROFILE);
    expect(judge.violations()).toEqual([]);
    expect(judge.refusal(0, 1)).toBeUndefined();
    expect(judge.refusals(1, 1)).toEqual([
      {
        rule: 'failover',
        because: 'rule ha wants room for what any one host runs, which would not be certain with x on h2',
        remedy: 'have more hosts on, or take rule ha away',
      },
    ]);
  });
});
