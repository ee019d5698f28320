import { type Crowd, crowdsOf, isCrowdRule } from '../domain/crowds.ts';
import type { Draft } from '../domain/draft.ts';
import type { Prices } from '../domain/profile.ts';
import { type HostRule, isRequired, type Rule, type TogetherRule } from '../domain/rule.ts';
import { hostsAllowedBy, selectedHosts, selectedVms } from '../domain/selection.ts';
import { type Bundle, bundlesOf, strays } from './rules/affinity.ts';

/** One preferred rule at work: how many VMs are not where it wants them. */
interface Preference {
  readonly members: readonly number[];
  /** Of all its members, or of this one where each is counted for itself. */
  unmet(vm: number): number;
  total(): number;
  /** Hosts on which it would rather see the VM. */
  hostsFor(vm: number): readonly number[];
}

/** Of the hosts that a preference names, so many are suggested for one VM. */
const MOST_SUGGESTED = 32;

/**
 * Preferred rules as prices. What belongs to a group as a whole is counted in full for each of its members: a difference
 * between two places of one VM comes out right, and a sum over all VMs is never taken.
 */
export class Preferences {
  readonly #preferencesOf = new Map<number, Preference[]>();
  readonly #all: readonly Preference[];
  readonly #price: number;

  constructor(draft: Draft, prices: Prices) {
    const preferred = draft.snapshot.rules.filter((rule) => !isRequired(rule));
    this.#price = prices.perUnmetPreferenceHour;
    this.#all = [
      ...bundlesOf(preferred.filter(isTogether), draft).map((bundle) => together(bundle, draft)),
      ...crowdsOf(preferred.filter(isCrowdRule), draft.snapshot).map((crowd) => apart(crowd, draft)),
      ...preferred.filter(isHostRule).map((rule) => located(rule, draft)),
    ];
    for (const preference of this.#all) {
      for (const vm of preference.members) {
        const known = this.#preferencesOf.get(vm);
        if (known === undefined) this.#preferencesOf.set(vm, [preference]);
        else known.push(preference);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Money per hour. */
  costOf(vm: number): number {
    const preferences = this.#preferencesOf.get(vm);
    if (preferences === undefined) return 0;
    let unmet = 0;
    for (const preference of preferences) unmet += preference.unmet(vm);
    return unmet * this.#price;
  }

  total(): number {
    return this.#all.reduce((sum, preference) => sum + preference.total(), 0) * this.#price;
  }

  /** The VMs that a rule would rather see elsewhere, with the hosts that it would rather see them on. */
  *unmet(): Generator<{ readonly vm: number; readonly hosts: readonly number[] }> {
    for (const preference of this.#all) {
      if (preference.total() === 0) continue;
      for (const vm of preference.members) {
        if (preference.unmet(vm) > 0) yield { vm, hosts: preference.hostsFor(vm) };
      }
    }
  }
}

const isTogether = (rule: Rule): rule is TogetherRule => rule.kind === 'affinity';
const isHostRule = (rule: Rule): rule is HostRule => rule.kind === 'run-on' || rule.kind === 'keep-off';

function together(bundle: Bundle, draft: Draft): Preference {
  const total = () => strays(bundle, draft.hostOf);
  const { members, placeOf } = bundle;
  const hostsOfPlaces = hostsByPlace(placeOf);
  const hostsFor = () => members.flatMap((other) => hostsOfPlaces(placeOf[draft.hostOf[other]!]!));
  return { members, unmet: total, total, hostsFor: () => [...new Set(hostsFor())].slice(0, MOST_SUGGESTED) };
}

/** Everyone but the first in each place. */
function apart({ members, placeOf }: Crowd, draft: Draft): Preference {
  const total = () => members.length - new Set(members.map((vm) => placeOf[draft.hostOf[vm]!])).size;
  return { members, unmet: total, total, hostsFor: () => [] };
}

function located(rule: HostRule, draft: Draft): Preference {
  const members = selectedVms(rule, draft.snapshot);
  const isAllowed = hostsAllowedBy(rule, draft.snapshot);
  const named = rule.kind === 'run-on' ? selectedHosts(rule, draft.snapshot) : [];
  const unmet = (vm: number) => 1 - isAllowed[draft.hostOf[vm]!]!;
  // Each VM is shown others of them, so that not all crowd the first.
  const hostsFor = (vm: number) => {
    const count = Math.min(MOST_SUGGESTED, named.length);
    return Array.from({ length: count }, (_, i) => named[(vm + i) % named.length]!);
  };
  return { members, unmet, total: () => members.reduce((sum, vm) => sum + unmet(vm), 0), hostsFor };
}

function hostsByPlace(placeOf: { readonly length: number; readonly [host: number]: number }) {
  const hosts = new Map<number, number[]>();
  for (let host = 0; host < placeOf.length; host++) {
    const own = hosts.get(placeOf[host]!);
    if (own === undefined) hosts.set(placeOf[host]!, [host]);
    else own.push(host);
  }
  return (place: number): readonly number[] => hosts.get(place) ?? [];
}
