import { describe, expect, it } from 'vitest';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { Rule } from '../../src/domain/rule.ts';
import { GIB, MINUTE } from '../../src/domain/units.ts';
import { acceptedWords, decideOn } from '../kit/deciding.ts';
import { aHost, aVm, many, NOON_MS } from '../kit/fleet.ts';

const hosts = (count: number) => many(count, (n) => aHost({ id: `h${n}`, rack: n % 2 === 0 ? 'even' : 'odd' }));
const vm = (id: string, host: string, gib = 4) => aVm({ id, host, demand: { memoryBytes: gib * GIB } });
const together = (vms: string[], level: 'host' | 'rack' = 'host'): Rule => ({
  kind: 'affinity',
  id: 'bundle',
  vms,
  level,
});
const everywhere = { vms: [], vmLabels: {}, hosts: [], hostLabels: {} };

/** Without power and policies there is nothing to do but to repair. */
const repaired = (inventory: Partial<Inventory>) => decideOn(inventory, { policies: [], power: false });

const accepted = (verdicts: Verdicts) => verdicts.decisions.filter(isAccepted);

describe('VMs that belong together', () => {
  it('are brought together as one decision, where fewest have to move', () => {
    const verdicts = repaired({
      hosts: hosts(4),
      vms: [vm('a', 'h1'), vm('b', 'h2'), vm('c', 'h2')],
      rules: [together(['a', 'b', 'c'])],
    });
    expect(acceptedWords(verdicts)).toEqual(['a: h1 → h2']);
    expect(verdicts.unrepaired).toEqual([]);
  });

  it('meet on a third host where none of theirs has room for all', () => {
    const verdicts = repaired({
      hosts: hosts(3),
      vms: [vm('a', 'h1', 30), vm('b', 'h2', 30), vm('x', 'h1', 85), vm('y', 'h2', 85)],
      rules: [together(['a', 'b'])],
    });
    expect(accepted(verdicts)).toHaveLength(1);
    expect(acceptedWords(verdicts).sort()).toEqual(['a: h1 → h3', 'b: h2 → h3']);
  });

  it('may stand on different hosts of one rack where that is all they want', () => {
    const verdicts = repaired({
      hosts: hosts(4),
      vms: [vm('a', 'h1'), vm('b', 'h2')],
      rules: [together(['a', 'b'], 'rack')],
    });
    expect(acceptedWords(verdicts)).toHaveLength(1);
    expect(verdicts.unrepaired).toEqual([]);
  });

  it('leave a host under maintenance together', () => {
    const verdicts = repaired({
      hosts: [aHost({ id: 'h1', maintenance: true }), ...hosts(3).slice(1)],
      vms: [vm('a', 'h1'), vm('b', 'h1')],
      rules: [together(['a', 'b'])],
    });
    expect(accepted(verdicts)).toHaveLength(1);
    expect(new Set(acceptedWords(verdicts).map((words) => words.slice(-2))).size).toBe(1);
    expect(verdicts.unrepaired).toEqual([]);
  });

  it('are left where they are, with a reason, where nothing takes them all', () => {
    const verdicts = repaired({
      hosts: hosts(2),
      vms: [vm('a', 'h1', 70), vm('b', 'h2', 70)],
      rules: [together(['a', 'b'])],
    });
    expect(acceptedWords(verdicts)).toEqual([]);
    expect(verdicts.unrepaired).toHaveLength(1);
    expect(verdicts.decisions[0]?.refusal).toMatchObject({
      because: expect.stringMatching(
        /^the VMs of rule .* want 140 GiB of memory together, and no host may give more than 128/,
      ),
      remedy: expect.stringMatching(/^a larger host, smaller VMs, or fewer of them in rule /),
    });
  });

  it('or, where one could if it were empty, with what is in the way', () => {
    const verdicts = repaired({
      hosts: hosts(2),
      vms: [
        vm('a', 'h1', 50),
        vm('b', 'h2', 50),
        ...['h1', 'h2'].map((on) => ({ ...vm(`fixed-${on}`, on, 60), migratable: false })),
      ],
      rules: [together(['a', 'b'])],
    });
    expect(acceptedWords(verdicts)).toEqual([]);
    expect(verdicts.decisions[0]?.refusal).toMatchObject({
      because: expect.stringMatching(/a can go nowhere: h2 would be at 125 % of its memory/),
    });
  });
});

describe('each rule is repaired', () => {
  it.each<{ it: string; rule: Rule; vms: [string, string][]; moves: string[] }>([
    {
      it: 'run-on',
      rule: { kind: 'run-on', id: 'r', vms: ['a'], vmLabels: {}, hosts: ['h3'], hostLabels: {} },
      vms: [['a', 'h1']],
      moves: ['a: h1 → h3'],
    },
    {
      it: 'keep-off',
      rule: { kind: 'keep-off', id: 'r', vms: ['a'], vmLabels: {}, hosts: ['h1', 'h2'], hostLabels: {} },
      vms: [['a', 'h2']],
      moves: ['a: h2 → h3'],
    },
    {
      it: 'most-vms, by as few moves as will do',
      rule: { kind: 'most-vms', id: 'r', most: 2, ...everywhere },
      vms: [
        ['a', 'h1'],
        ['b', 'h1'],
        ['c', 'h1'],
      ],
      moves: ['a: h1 → h2'],
    },
    {
      it: 'backups',
      rule: {
        kind: 'backups',
        id: 'r',
        most: 1,
        jobs: [{ startMinute: 60, minutes: 30, vms: ['b', 'c'], vmLabels: {} }],
        hosts: [],
        hostLabels: {},
      },
      vms: [
        ['a', 'h1'],
        ['b', 'h1'],
        ['c', 'h1'],
      ],
      moves: ['b: h1 → h2'],
    },
    {
      it: 'anti-affinity by rack, into another rack',
      rule: { kind: 'anti-affinity', id: 'r', vms: ['a', 'b'], level: 'rack' },
      vms: [
        ['a', 'h1'],
        ['b', 'h3'],
      ],
      moves: ['b: h3 → h2'],
    },
  ])('$it', ({ rule, vms, moves }) => {
    const verdicts = repaired({ hosts: hosts(3), vms: vms.map(([id, host]) => vm(id, host)), rules: [rule] });
    expect(verdicts.violations.length).toBeGreaterThan(0);
    expect(acceptedWords(verdicts)).toEqual(moves);
    expect(verdicts.unrepaired).toEqual([]);
  });

  it('without touching those whom another rule keeps apart on the same host', () => {
    const apart = (id: string, vms: string[]): Rule => ({ kind: 'anti-affinity', id, vms, level: 'host' });
    const verdicts = repaired({
      hosts: hosts(3),
      vms: ['a', 'b', 'c', 'd'].map((id) => vm(id, 'h1')),
      rules: [apart('r', ['a', 'b']), apart('s', ['c', 'd'])],
    });
    expect(acceptedWords(verdicts)).toHaveLength(2);
    expect(verdicts.unrepaired).toEqual([]);
  });
});

it('a rule that is broken and stays so is not made worse for money', () => {
  const tied = ['a', 'b', 'c'].map((id) => aVm({ id, host: 'h1', migratable: id === 'c' }));
  const heavy = { demand: { cpuMhz: 40_000 } };
  const verdicts = decideOn(
    {
      hosts: hosts(2),
      vms: [...tied, aVm({ id: 'd', host: 'h1', ...heavy }), aVm({ id: 'e', host: 'h1', ...heavy })],
      rules: [{ kind: 'run-on', id: 'r', vms: ['a', 'b', 'd', 'e'], vmLabels: {}, hosts: ['h1'], hostLabels: {} }],
    },
    { power: false },
  );
  expect(acceptedWords(verdicts).filter((words) => /^[abde]/.test(words))).toEqual([]);
});

it('a repair does not wait for a VM that rests', () => {
  const verdicts = repaired({
    hosts: hosts(2),
    vms: [aVm({ id: 'a', host: 'h1', lastMoveAtMs: NOON_MS - MINUTE })],
    rules: [{ kind: 'keep-off', id: 'r', vms: ['a'], vmLabels: {}, hosts: ['h1'], hostLabels: {} }],
  });
  expect(acceptedWords(verdicts)).toEqual(['a: h1 → h2']);
});

it('a host is sent for where a rule can be kept on no other, and not a second one while it boots', () => {
  const asleep = (power: 'off' | 'booting') => ({
    hosts: [...hosts(1), aHost({ id: 'h2', power }), aHost({ id: 'h3', power: 'off' })],
    vms: [vm('a', 'h1'), vm('b', 'h1')],
    rules: [{ kind: 'anti-affinity', id: 'r', vms: ['a', 'b'], level: 'host' } as const],
  });
  const woken = acceptedWords(decideOn(asleep('off'), { policies: [] }));
  expect(woken).toEqual(['h2: switch on']);
  expect(acceptedWords(decideOn(asleep('booting'), { policies: [] }))).toEqual([]);
  expect(acceptedWords(repaired(asleep('off')))).toEqual([]);
});
