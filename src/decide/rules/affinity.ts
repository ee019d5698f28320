import type { Column } from '../../domain/columns.ts';
import { places } from '../../domain/crowds.ts';
import type { Draft } from '../../domain/draft.ts';
import type { TogetherRule, Violation } from '../../domain/rule.ts';
import type { GroupRule } from './rule-on-draft.ts';

/** VMs that belong together, and the place of each host at the level of their rule. */
export interface Bundle {
  readonly rule: TogetherRule;
  readonly members: readonly number[];
  readonly placeOf: Column;
}

export function bundlesOf(rules: readonly TogetherRule[], { snapshot }: Draft): Bundle[] {
  const placeOf = places(snapshot);
  const bundles = rules.map((rule) => {
    const members = [...new Set(rule.vms.flatMap((id) => snapshot.vms.index.get(id) ?? []))];
    return { rule, members, placeOf: placeOf(rule.level) };
  });
  return bundles.filter(({ members }) => members.length > 1);
}

/** How many members are not where most of them are. */
export function strays({ members, placeOf }: Bundle, hostOf: Column): number {
  const there = new Map<number, number>();
  let most = 0;
  for (const vm of members) {
    const place = placeOf[hostOf[vm]!]!;
    const count = (there.get(place) ?? 0) + 1;
    there.set(place, count);
    most = Math.max(most, count);
  }
  return members.length - most;
}

/**
 * VMs of a required affinity rule are on the same host, or in the same rack or site. One of them alone moves only where
 * that leaves no more of them astray; all of them move together, as a group.
 */
export class Affinity implements GroupRule {
  readonly id = 'affinity';
  /** A bundle that is being moved: it alone may be apart meanwhile. */
  underWay: Bundle | undefined;
  readonly #draft: Draft;
  readonly #bundles: readonly Bundle[];
  readonly #bundlesOf = new Map<number, Bundle[]>();
  readonly #isHostEmptied: () => boolean;

  /** While a host is being emptied, those who are still on it will follow the first who left. */
  constructor(draft: Draft, rules: readonly TogetherRule[], isHostEmptied: () => boolean) {
    this.#draft = draft;
    this.#isHostEmptied = isHostEmptied;
    this.#bundles = bundlesOf(rules, draft);
    for (const bundle of this.#bundles) {
      for (const vm of bundle.members) {
        const known = this.#bundlesOf.get(vm);
        if (known === undefined) this.#bundlesOf.set(vm, [bundle]);
        else known.push(bundle);
      }
    }
  }

  get concerned(): Iterable<number> {
    return this.#bundlesOf.keys();
  }

  permits(vm: number, to: number): boolean {
    return this.#brokenBy(vm, to) === undefined;
  }

  words(vm: number, to: number): string {
    const { vms, hosts } = this.#draft.snapshot;
    const bundle = this.#brokenBy(vm, to)!;
    const other = this.#othersElsewhere(bundle, vm, to)[0]!;
    return `rule ${bundle.rule.id} keeps ${vms.ids[vm]} together with ${vms.ids[other]}, which is on ${hosts.ids[this.#draft.hostOf[other]!]}`;
  }

  remedy(vm: number, to: number): string {
    const { vms, hosts } = this.#draft.snapshot;
    const bundle = this.#brokenBy(vm, to)!;
    const others = this.#othersElsewhere(bundle, vm, to).map((other) => vms.ids[other]);
    const { level, id } = bundle.rule;
    const there = level === 'host' ? hosts.ids[to] : `the ${level} of ${hosts.ids[to]}`;
    return `move ${others.join(' and ')} to ${there} as well, or take rule ${id} away`;
  }

  violations(): Violation[] {
    return this.broken().map(({ rule, members }) => {
      const { vms, hosts } = this.#draft.snapshot;
      const ids = members.map((vm) => vms.ids[vm]!);
      const where = members.map((vm) => `${vms.ids[vm]} is on ${hosts.ids[this.#draft.hostOf[vm]!]}`);
      const because = `rule ${rule.id} keeps VMs together on one ${rule.level}, and ${where.join(', ')}`;
      return { rule: this.id, because, vms: ids, host: hosts.ids[this.#draft.hostOf[members[0]!]!]! };
    });
  }

  broken(): Bundle[] {
    return this.#bundles.filter((bundle) => strays(bundle, this.#draft.hostOf) > 0);
  }

  bundlesOf(vm: number): readonly Bundle[] {
    return this.#bundlesOf.get(vm) ?? [];
  }

  breach(vms: readonly number[]): number {
    const concerned = new Set(vms.flatMap((vm) => this.bundlesOf(vm)));
    return [...concerned].reduce((sum, bundle) => sum + strays(bundle, this.#draft.hostOf), 0);
  }

  #brokenBy(vm: number, to: number): Bundle | undefined {
    return this.#bundlesOf.get(vm)?.find((bundle) => bundle !== this.underWay && this.#wouldStray(bundle, vm, to));
  }

  /** Fewer of the others would be where it goes than are where it is. */
  #wouldStray({ placeOf, members }: Bundle, vm: number, to: number): boolean {
    const { hostOf } = this.#draft;
    const from = hostOf[vm]!;
    if (placeOf[from] === placeOf[to]) return false;
    const willFollow = (other: number) => this.#isHostEmptied() && hostOf[other] === from;
    const others = members.filter((other) => other !== vm && !willFollow(other));
    const at = (host: number) => others.filter((other) => placeOf[hostOf[other]!] === placeOf[host]).length;
    if (!this.#isHostEmptied()) return at(to) < at(from);
    return others.some((other) => at(hostOf[other]!) > at(to));
  }

  #othersElsewhere({ members, placeOf }: Bundle, vm: number, to: number): number[] {
    return members.filter((member) => member !== vm && placeOf[this.#draft.hostOf[member]!] !== placeOf[to]);
  }
}
