/** A policy failed: it threw, or its cost is no number. The cycle goes on without it. */
export class PolicyFault extends Error {
  readonly policy: string;

  constructor(policy: string, because: string) {
    super(because);
    this.policy = policy;
  }
}

interface Identified {
  readonly policy: { readonly id: string };
}

/** A policy that was left out, and what it did. */
export interface SkippedPolicy {
  readonly policy: string;
  readonly because: string;
}

/** Does the work anew without each policy that fails at it. */
export function withoutFaulty<P extends Identified, T>(
  policies: readonly P[],
  work: (policies: readonly P[]) => T,
): { readonly result: T; readonly skipped: readonly SkippedPolicy[] } {
  const skipped: SkippedPolicy[] = [];
  for (let left = policies; ; ) {
    try {
      return { result: work(left), skipped };
    } catch (thrown) {
      if (!(thrown instanceof PolicyFault)) throw thrown;
      skipped.push({ policy: thrown.policy, because: thrown.message });
      left = left.filter(({ policy }) => policy.id !== thrown.policy);
    }
  }
}
