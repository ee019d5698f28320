import { type CrowdRule, crowdsOf, isCrowdRule } from '../../domain/crowds.ts';
import type { Draft } from '../../domain/draft.ts';
import type { Profile } from '../../domain/profile.ts';
import {
  type DependsRule,
  type FailoverRule,
  type HostRule,
  isRequired,
  type Rule,
  type SpreadRule,
  type TogetherRule,
} from '../../domain/rule.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { Affinity } from './affinity.ts';
import { Dependences, Spreads } from './company.ts';
import { CountedRoom } from './counted.ts';
import { type CrowdIndex, Crowding, crowdIndex } from './crowding.ts';
import { Failover } from './failover.ts';
import { Fitness } from './fitness.ts';
import { HostRules } from './host-rules.ts';
import type { RuleOnDraft } from './rule-on-draft.ts';

const CROWD_KINDS = ['anti-affinity', 'most-vms', 'backups'] as const satisfies readonly CrowdRule['kind'][];
const HOST_KINDS = ['run-on', 'keep-off'] as const satisfies readonly HostRule['kind'][];

/** The required rules of a snapshot at work, fitness among them. What nobody has declared costs nothing: it is not there. */
export function declaredRules(draft: Draft, profile: Profile, isHostEmptied: () => boolean) {
  const required = draft.snapshot.rules.filter(isRequired);
  const hostRules = HOST_KINDS.flatMap((kind) => {
    const rules = required.filter((rule): rule is HostRule => rule.kind === kind);
    return rules.length === 0 ? [] : [new HostRules(draft, kind, rules)];
  });
  const fitness = new Fitness(draft, hostRules);
  const together = required.filter((rule): rule is TogetherRule => rule.kind === 'affinity');
  const affinity = together.length === 0 ? undefined : new Affinity(draft, together, isHostEmptied);
  const failovers = required
    .filter((rule): rule is FailoverRule => rule.kind === 'failover')
    .map((rule) => {
      const ceilings = profile.evacuationCeilings;
      return new Failover(draft, { rule, ceilings, ...whoMayRunWhere(fitness, hostRules), isHostEmptied });
    });
  return {
    hostRules,
    fitness,
    affinity,
    failovers,
    others: [...crowdings(draft, required), ...ofCompany(draft, required)],
  };
}

function ofCompany(draft: Draft, required: readonly Rule[]): RuleOnDraft[] {
  const spreads = required.filter((rule): rule is SpreadRule => rule.kind === 'spread');
  const dependences = required.filter((rule): rule is DependsRule => rule.kind === 'depends-on');
  return [
    ...(draft.counted.length > 0 ? [new CountedRoom(draft)] : []),
    ...(spreads.length > 0 ? [new Spreads(draft, spreads)] : []),
    ...(dependences.length > 0 ? [new Dependences(draft, dependences)] : []),
  ];
}

function crowdings(draft: Draft, required: readonly Rule[]): Crowding[] {
  const members = membersOf(draft.snapshot, required);
  return members.map(({ kind, crowds }) => new Crowding(draft, kind, crowds));
}

interface Members {
  readonly kind: CrowdRule['kind'];
  readonly crowds: CrowdIndex;
}

/** Successive snapshots share their rules and what those select by: who belongs to which crowd is then as it was. */
const remembered = new WeakMap<readonly Rule[], { readonly facts: readonly unknown[]; readonly members: Members[] }>();

function membersOf(snapshot: Snapshot, required: readonly Rule[]): Members[] {
  const { hosts, vms } = snapshot;
  const facts = [vms.ids, vms.labels, hosts.ids, hosts.labels, hosts.rackText, hosts.siteText];
  const known = remembered.get(snapshot.rules);
  if (known?.facts.every((fact, i) => fact === facts[i])) return known.members;
  const all = crowdsOf(required.filter(isCrowdRule), snapshot);
  const members = CROWD_KINDS.flatMap((kind) => {
    const own = all.filter(({ rule }) => rule.kind === kind);
    return own.length === 0 ? [] : [{ kind, crowds: crowdIndex(own, vms.ids.length) }];
  });
  remembered.set(snapshot.rules, { facts, members });
  return members;
}

function whoMayRunWhere(fitness: Fitness, hostRules: readonly HostRules[]) {
  return {
    mayRun: (vm: number, host: number) =>
      fitness.permits(vm, host) && hostRules.every((rules) => rules.permits(vm, host)),
    kindOf: (vm: number) => [fitness.classOf(vm), ...hostRules.map((rules) => rules.kindOf(vm))].join('/'),
  };
}
