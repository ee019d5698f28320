import type { Prices } from '../domain/profile.ts';
import type { Refusal } from '../domain/rule.ts';
import type { Fleet, Proposal } from './fleet.ts';
import type { OptionSpecs, OptionValues } from './options.ts';
import type { Because, ReasonTexts } from './reasons.ts';
import { reasonWriters } from './reasons.ts';
import type { RuleDefinition } from './rule.ts';
import type { HostCost } from './stock.ts';
import type { HostView, PairView, VmView } from './views.ts';

/** Running cost in money per hour. Each function is pure: same view and options, same cost. */
export interface CostTerms<V> {
  /** Of one host: its load and power state. */
  readonly host?: HostCost<V>;
  /** Of two VMs that talk, by where they are with respect to each other. */
  readonly pair?: (pair: PairView, options: V, prices: Prices) => number;
  /** Of one VM on its host. */
  readonly vm?: (vm: VmView, host: HostView, options: V, prices: Prices) => number;
}

/** What moving costs once, in money, beyond the core's own price of a migration. */
export interface OnceTerms<V> {
  /** That the VM moves at all. */
  readonly vm?: (vm: VmView, options: V, prices: Prices) => number;
  /** That a VM moves from one host to another: by what they are, never by their load. */
  readonly hosts?: (from: HostView, to: HostView, options: V, prices: Prices) => number;
  /** VMs of one crew take turns: what counts is how many move of the crew of which most do. */
  readonly crew?: {
    /** Empty: of no crew. */
    readonly of: (vm: VmView, options: V) => string;
    readonly perMostMoved: (options: V, prices: Prices) => number;
  };
}

export type Verdict = { readonly accepted: true } | ({ readonly accepted: false } & Refusal);

export interface ProposeInput<V, R extends ReasonTexts> {
  readonly fleet: Fleet;
  readonly options: V;
  readonly because: Because<R>;
}

export interface PolicyDefinition<O extends OptionSpecs, R extends ReasonTexts> {
  readonly id: string;
  readonly about: string;
  readonly options: O;
  /** What its terms are called in explanations. */
  readonly terms: { readonly [K in keyof CostTerms<never>]?: string };
  /** Relieve: its cost is suffering now, and is lowered before anything else. */
  readonly phase: 'relieve' | 'improve';
  readonly reasons?: R;
  readonly cost: CostTerms<OptionValues<O>>;
  readonly once?: OnceTerms<OptionValues<O>>;
  /** What must never happen, however dear; it holds while the policy is at work. A function where options matter. */
  readonly rules?: readonly RuleDefinition[] | ((options: OptionValues<O>) => readonly RuleDefinition[]);
  /** A smarter neighbourhood; without it the core searches alone. */
  readonly propose?: (input: ProposeInput<OptionValues<O>, R>) => Generator<Proposal, void, Verdict>;
}

/** A policy as the core knows it: what its author wrote, without the types of its options. */
export interface Policy {
  readonly id: string;
  readonly about: string;
  readonly options: OptionSpecs;
  readonly terms: { readonly host?: string; readonly pair?: string; readonly vm?: string };
  readonly phase: 'relieve' | 'improve';
  readonly cost: CostTerms<OptionValues<OptionSpecs>>;
  readonly once?: OnceTerms<OptionValues<OptionSpecs>>;
  readonly rules?: (options: OptionValues<OptionSpecs>) => readonly RuleDefinition[];
  readonly propose?: (fleet: Fleet, options: OptionValues<OptionSpecs>) => Generator<Proposal, void, Verdict>;
}

export function definePolicy<const O extends OptionSpecs, const R extends ReasonTexts = Record<never, string>>(
  definition: PolicyDefinition<O, R>,
): Policy {
  const { id, about, options, terms, phase, propose } = definition;
  const because = reasonWriters(definition.reasons ?? ({} as R));
  // Options reach these functions only through `compileOptions`, which holds them against the specs.
  const cost = definition.cost as unknown as Policy['cost'];
  const once = definition.once as unknown as Policy['once'];
  const priced = once === undefined ? { cost } : { cost, once };
  const policy: Policy = { id, about, options, terms, phase, ...priced, ...rulesOf(definition.rules) };
  if (propose === undefined) return policy;
  return { ...policy, propose: (fleet, values) => propose({ fleet, options: values as OptionValues<O>, because }) };
}

function rulesOf<O extends OptionSpecs>(rules: PolicyDefinition<O, ReasonTexts>['rules']): Pick<Policy, 'rules'> {
  if (rules === undefined) return {};
  return { rules: (values) => (typeof rules === 'function' ? rules(values as OptionValues<O>) : rules) };
}
