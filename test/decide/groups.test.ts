import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../src/domain/inventory.ts';
import { DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { GIB } from '../../src/domain/units.ts';
import type { LoadedPolicy } from '../../src/sdk/choose.ts';
import type { Fleet, Verdict, Wish } from '../../src/sdk/index.ts';
import { definePolicy, evacuate, move, swap, switchOff, switchOn, together } from '../../src/sdk/index.ts';
import { acceptedWords, decideOn } from '../kit/deciding.ts';
import { aHost, aVm, many } from '../kit/fleet.ts';

const hosts = (count: number) => many(count, (n) => aHost({ id: `h${n}` }));
const sized = (id: string, host: string, gib: number) => aVm({ id, host, demand: { memoryBytes: gib * GIB } });

const WISH = 'it wants that';

/** One proposal of a policy that would pay any price for it, and what became of it. */
function proposed(inventory: Partial<Inventory>, wishes: (fleet: Fleet) => Wish[], power = true) {
  const heard: Verdict[] = [];
  const policy = definePolicy({
    id: 'wishful',
    about: 'Wants one thing.',
    phase: 'improve',
    options: {},
    terms: { vm: 'place', host: 'hosts on' },
    cost: {
      vm: (vm, host) => (vm.labels.wanted !== undefined && vm.labels.wanted !== host.id ? 100 : 0),
      host: (host) => (host.isOn ? 1 : 0),
    },
    *propose({ fleet }) {
      const verdict = yield { wishes: wishes(fleet), because: WISH };
      heard.push(verdict);
    },
  });
  const loaded: LoadedPolicy = { policy, version: 'test', weight: 1, values: {} };
  const profile = { ...DEFAULT_PROFILE, spareHosts: 0, spareShare: 0, horizonMinutes: 1e6 };
  const verdicts = decideOn(inventory, { policies: [loaded], power, profile });
  const own = verdicts.decisions.filter(({ because, refusal }) => because === WISH && refusal === undefined);
  return { verdict: heard[0], words: acceptedWords({ ...verdicts, decisions: own }) };
}

const named = (fleet: Fleet, ...ids: string[]) => ids.map((id) => fleet.vmNamed(id)!);
const wants = (id: string, host: string, wanted: string, gib: number) => ({
  ...sized(id, host, gib),
  labels: { wanted },
});

describe('a group of wishes is judged by where it ends', () => {
  it('swaps two VMs where neither fits beside the other', () => {
    const vms = [wants('a', 'h1', 'h2', 100), wants('b', 'h2', 'h1', 110)];
    const { verdict, words } = proposed(
      { hosts: hosts(2), vms },
      (fleet) => {
        const [a, b] = named(fleet, 'a', 'b');
        return swap(a!, b!);
      },
      false,
    );
    expect(verdict).toEqual({ accepted: true });
    expect(words).toEqual(['a: h1 → h2', 'b: h2 → h1']);
  });

  it('refuses it whole where one of them would not fit in the end', () => {
    const vms = [wants('a', 'h1', 'h2', 100), wants('b', 'h2', 'h1', 40), sized('c', 'h2', 60)];
    const { verdict, words } = proposed(
      { hosts: hosts(2), vms },
      (fleet) => {
        const [a, b] = named(fleet, 'a', 'b');
        return swap(a!, b!);
      },
      false,
    );
    expect(verdict).toMatchObject({
      accepted: false,
      rule: 'capacity',
      because: expect.stringMatching(/^h2 would be at 125 %/),
    });
    expect(words).toEqual([]);
  });

  it('moves a bundle that a rule keeps together, but not a part of it', () => {
    const vms = ['a', 'b', 'c'].map((id) => wants(id, 'h1', 'h2', 4));
    const rules = [{ kind: 'affinity', id: 'bundle', vms: ['a', 'b', 'c'], level: 'host' } as const];
    const bundle = (ids: string[]) =>
      proposed(
        { hosts: hosts(2), vms, rules },
        (fleet) => together(named(fleet, ...ids), fleet.hostNamed('h2')!),
        false,
      );
    expect(bundle(['a', 'b', 'c'])).toMatchObject({ verdict: { accepted: true }, words: { length: 3 } });
    expect(bundle(['a', 'b']).verdict).toMatchObject({
      accepted: false,
      rule: 'affinity',
      because: 'rule bundle keeps VMs together on one host, and a is on h2, b is on h2, c is on h1',
    });
  });

  it('switches on first and off last, whatever the order of the wishes', () => {
    const fleet = { hosts: [...hosts(1), aHost({ id: 'h2', power: 'off' })], vms: [wants('a', 'h1', 'h2', 4)] };
    const { verdict, words } = proposed(fleet, (seen) => {
      const [h1, h2] = ['h1', 'h2'].map((id) => seen.hostNamed(id)!);
      return [switchOff(h1!), move(seen.vmNamed('a')!, h2!), switchOn(h2!)];
    });
    expect(verdict).toEqual({ accepted: true });
    expect(words).toEqual(['h2: switch on', 'a: h1 → h2', 'h1: switch off']);
  });

  it('empties a host and lets the core find where everybody goes', () => {
    const stays = (id: string, host: string) => ({ ...sized(id, host, 60), migratable: false });
    const vms = [sized('a', 'h1', 60), sized('b', 'h1', 60), stays('x', 'h2'), stays('y', 'h3')];
    const { verdict, words } = proposed({ hosts: hosts(3), vms }, (fleet) => {
      const h1 = fleet.hostNamed('h1')!;
      return [evacuate(h1), switchOff(h1)];
    });
    expect(verdict).toEqual({ accepted: true });
    expect(words.sort()).toEqual(['a: h1 → h2', 'b: h1 → h3', 'h1: switch off']);
  });

  it.each<[string, Partial<Inventory>, (fleet: Fleet) => Wish[], string, boolean]>([
    ['a host that is on already', { hosts: hosts(2) }, (fleet) => [switchOn(fleet.host(0))], 'h1 is on', true],
    [
      'a host with VMs',
      { hosts: hosts(2), vms: [aVm()] },
      (fleet) => [switchOff(fleet.host(0))],
      'h1 still has VMs',
      true,
    ],
    [
      'power where it is not allowed',
      { hosts: hosts(2) },
      (fleet) => [switchOff(fleet.host(0))],
      'hosts may not be',
      false,
    ],
    [
      'a VM that stays',
      { hosts: hosts(2), vms: [aVm({ id: 'a', migratable: false })] },
      (fleet) => [move(fleet.vm(0), fleet.host(1))],
      'a cannot be migrated',
      true,
    ],
    [
      'to empty a host whose VMs fit nowhere',
      { hosts: hosts(2), vms: [sized('a', 'h1', 70), sized('b', 'h2', 70)] },
      (fleet) => [evacuate(fleet.host(0))],
      'the VMs of h1 do not all fit elsewhere',
      true,
    ],
  ])('refuses %s', (_, inventory, wishes, because, power) => {
    expect(proposed(inventory, wishes, power).verdict).toMatchObject({
      accepted: false,
      because: expect.stringContaining(because),
    });
  });
});
