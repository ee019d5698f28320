import type { Column } from '../../domain/columns.ts';
import { places } from '../../domain/crowds.ts';
import type { Draft } from '../../domain/draft.ts';
import type { DependsRule, SpreadRule, Violation } from '../../domain/rule.ts';
import type { RuleOnDraft } from './rule-on-draft.ts';

interface Watched<R> {
  readonly rule: R;
  readonly members: readonly number[];
  readonly placeOf: Column;
}

interface Depending extends Watched<DependsRule> {
  readonly on: readonly number[];
}

/** VMs that must be in several places. Nothing leaves fewer than the rule asks for, or fewer still. */
export class Spreads implements RuleOnDraft {
  readonly id = 'spread';
  readonly #draft: Draft;
  readonly #rules: readonly Watched<SpreadRule>[];
  readonly #rulesOf: ReadonlyMap<number, readonly Watched<SpreadRule>[]>;

  constructor(draft: Draft, rules: readonly SpreadRule[]) {
    this.#draft = draft;
    const at = places(draft.snapshot);
    this.#rules = rules.map((rule) => ({ rule, members: indexesOf(draft, rule.vms), placeOf: at(rule.level) }));
    this.#rulesOf = byMember(this.#rules, ({ members }) => members);
  }

  permits(vm: number, to: number): boolean {
    return this.#brokenBy(vm, to) === undefined;
  }

  words(vm: number, to: number): string {
    const { rule, members, placeOf } = this.#brokenBy(vm, to)!;
    const left = placesOf(this.#draft, members, placeOf, vm, to).size;
    return `rule ${rule.id} wants its VMs in ${rule.least} ${rule.level}s, and they would be in ${left}`;
  }

  remedy(vm: number, to: number): string {
    const { rule } = this.#brokenBy(vm, to)!;
    return `move ${this.#draft.snapshot.vms.ids[vm]} to another ${rule.level}, or take rule ${rule.id} away`;
  }

  violations(): Violation[] {
    const { snapshot, hostOf } = this.#draft;
    return this.#rules.flatMap(({ rule, members, placeOf }) => {
      const { size } = placesOf(this.#draft, members, placeOf);
      if (size >= rule.least || members.length === 0) return [];
      const because = `rule ${rule.id} wants its VMs in ${rule.least} ${rule.level}s, and they are in ${size}`;
      const host = snapshot.hosts.ids[hostOf[members[0]!]!]!;
      return [{ rule: this.id, because, vms: members.map((vm) => snapshot.vms.ids[vm]!), host }];
    });
  }

  #brokenBy(vm: number, to: number): Watched<SpreadRule> | undefined {
    return this.#rulesOf.get(vm)?.find(({ rule, members, placeOf }) => {
      if (placeOf[to] === placeOf[this.#draft.hostOf[vm]!]) return false;
      const after = placesOf(this.#draft, members, placeOf, vm, to).size;
      return after < rule.least && after < placesOf(this.#draft, members, placeOf).size;
    });
  }
}

/** VMs that must have others near them. A move neither comes where those are not, nor takes the last of them away. */
export class Dependences implements RuleOnDraft {
  readonly id = 'depends-on';
  readonly #draft: Draft;
  readonly #rules: readonly Depending[];
  readonly #rulesOf: ReadonlyMap<number, readonly Depending[]>;

  constructor(draft: Draft, rules: readonly DependsRule[]) {
    this.#draft = draft;
    const at = places(draft.snapshot);
    this.#rules = rules.map((rule) => {
      const [members, on] = [rule.vms, rule.on].map((vms) => indexesOf(draft, vms));
      return { rule, members: members!, on: on!, placeOf: at(rule.level) };
    });
    this.#rulesOf = byMember(this.#rules, ({ members, on }) => [...members, ...on]);
  }

  permits(vm: number, to: number): boolean {
    return this.#brokenBy(vm, to) === undefined;
  }

  words(vm: number, to: number): string {
    const { rule } = this.#brokenBy(vm, to)!;
    const { ids } = this.#draft.snapshot.hosts;
    return `rule ${rule.id} wants one of ${rule.on.join(', ')} in the same ${rule.level}, and none would be, with ${this.#draft.snapshot.vms.ids[vm]} on ${ids[to]}`;
  }

  remedy(vm: number, to: number): string {
    const { rule } = this.#brokenBy(vm, to)!;
    return `move one of ${rule.on.join(', ')} there first, or take rule ${rule.id} away`;
  }

  violations(): Violation[] {
    const { snapshot, hostOf } = this.#draft;
    return this.#rules.flatMap((depending) => {
      const { rule, members, placeOf } = depending;
      const alone = lonely(this.#draft, depending);
      const there = members.filter((vm) => alone.has(placeOf[hostOf[vm]!]!));
      if (there.length === 0) return [];
      const because = `rule ${rule.id} wants one of ${rule.on.join(', ')} in the same ${rule.level}, and none is`;
      const host = snapshot.hosts.ids[hostOf[there[0]!]!]!;
      return [{ rule: this.id, because, vms: there.map((vm) => snapshot.vms.ids[vm]!), host }];
    });
  }

  #brokenBy(vm: number, to: number): Depending | undefined {
    return this.#rulesOf.get(vm)?.find((depending) => {
      const { placeOf } = depending;
      if (placeOf[to] === placeOf[this.#draft.hostOf[vm]!]) return false;
      const before = lonely(this.#draft, depending);
      return [...lonely(this.#draft, depending, vm, to)].some((place) => !before.has(place));
    });
  }
}

/** Places with members and none of those that they depend on; as if that VM were there, if one is named. */
function lonely(draft: Draft, { members, on, placeOf }: Depending, vm = -1, to = -1): Set<number> {
  const near = placesOf(draft, on, placeOf, vm, to);
  return new Set([...placesOf(draft, members, placeOf, vm, to)].filter((place) => !near.has(place)));
}

function placesOf({ hostOf }: Draft, vms: readonly number[], placeOf: Column, moved = -1, to = -1): Set<number> {
  const found = new Set<number>();
  for (const vm of vms) found.add(placeOf[vm === moved ? to : hostOf[vm]!]!);
  return found;
}

function indexesOf({ snapshot }: Draft, ids: readonly string[]): number[] {
  return [...new Set(ids.flatMap((id) => snapshot.vms.index.get(id) ?? []))];
}

function byMember<R>(rules: readonly R[], members: (rule: R) => readonly number[]): Map<number, R[]> {
  const rulesOf = new Map<number, R[]>();
  for (const rule of rules) {
    for (const vm of new Set(members(rule))) {
      const known = rulesOf.get(vm);
      if (known === undefined) rulesOf.set(vm, [rule]);
      else known.push(rule);
    }
  }
  return rulesOf;
}
