import type { LoadedPolicy } from '../sdk/choose.ts';
import type { CostTerms, Policy } from '../sdk/policy.ts';
import { PolicyFault } from './policy-fault.ts';

/** One weighted term of the running cost, with the options of its policy. */
export interface Term<Kind extends keyof CostTerms<never>> extends WeighedTerm {
  readonly relieves: boolean;
  readonly values: LoadedPolicy['values'];
  readonly cost: NonNullable<Policy['cost'][Kind]>;
}

interface WeighedTerm {
  readonly policy: string;
  /** Index into the names of all terms. */
  readonly index: number;
  readonly weight: number;
}

/** What the term counts for at that cost, which must be an amount of money. */
export function weighed({ policy, weight }: WeighedTerm, cost: number): number {
  // A difference of infinities or with NaN is NaN, and so unequal to zero.
  if (cost - cost !== 0) throw new PolicyFault(policy, `its cost is ${cost}, which is no amount of money`);
  return weight * cost;
}

export function thrownBy({ policy }: WeighedTerm, thrown: unknown): PolicyFault {
  return new PolicyFault(policy, `its cost threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
}
