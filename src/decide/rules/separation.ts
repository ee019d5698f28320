import type { Column } from '../../domain/columns.ts';
import type { Draft } from '../../domain/draft.ts';
import type { Level, SeparateRule, Violation } from '../../domain/rule.ts';
import type { RuleOnDraft } from '../../sdk/rule.ts';

interface Group {
  readonly rule: SeparateRule;
  readonly members: readonly number[];
}

/** VMs of one anti-affinity rule are never on the same host, rack or site. */
export class Separation implements RuleOnDraft {
  readonly id = 'anti-affinity';
  readonly #draft: Draft;
  readonly #groups: readonly Group[];
  readonly #groupsOf = new Map<number, Group[]>();

  constructor(draft: Draft) {
    this.#draft = draft;
    const { vms, rules } = draft.snapshot;
    this.#groups = rules.map((rule) => ({ rule, members: rule.vms.flatMap((id) => vms.index.get(id) ?? []) }));
    for (const group of this.#groups) {
      for (const vm of group.members) {
        const known = this.#groupsOf.get(vm);
        if (known === undefined) this.#groupsOf.set(vm, [group]);
        else known.push(group);
      }
    }
  }

  permits(vm: number, to: number): boolean {
    return this.#inTheWay(vm, to) === undefined;
  }

  words(vm: number, to: number): string {
    const { vms, hosts } = this.#draft.snapshot;
    const found = this.#inTheWay(vm, to);
    if (found === undefined) return '';
    const place =
      found.group.rule.level === 'host' ? hosts.ids[to] : `the ${found.group.rule.level} of ${hosts.ids[to]}`;
    return `rule ${found.group.rule.id} keeps ${vms.ids[vm]} apart from ${vms.ids[found.other]}, which is on ${place}`;
  }

  violations(): Violation[] {
    return this.#groups.flatMap((group) => this.#broken(group));
  }

  #inTheWay(vm: number, to: number): { group: Group; other: number } | undefined {
    const groups = this.#groupsOf.get(vm);
    if (groups === undefined) return undefined;
    for (const group of groups) {
      const other = group.members.find((member) => member !== vm && this.#together(group.rule.level, member, to));
      if (other !== undefined) return { group, other };
    }
    return undefined;
  }

  #together(level: Level, vm: number, host: number): boolean {
    const on = this.#draft.hostOf[vm]!;
    return on === host || (level !== 'host' && this.#place(level)[on] === this.#place(level)[host]);
  }

  #place(level: 'rack' | 'site'): Column {
    const { hosts } = this.#draft.snapshot;
    return level === 'rack' ? hosts.rackText : hosts.siteText;
  }

  /** Everyone who shares a place with an earlier member of the group. */
  #broken({ rule, members }: Group): Violation[] {
    const { vms, hosts } = this.#draft.snapshot;
    return members.flatMap((vm, i) => {
      const on = this.#draft.hostOf[vm]!;
      const first = members.slice(0, i).find((earlier) => this.#together(rule.level, earlier, on));
      if (first === undefined) return [];
      const because = `rule ${rule.id} keeps ${vms.ids[vm]} and ${vms.ids[first]} apart; they share a ${rule.level}`;
      return [{ rule: this.id, because, vms: [vms.ids[vm]!, vms.ids[first]!], host: hosts.ids[on]! }];
    });
  }
}
