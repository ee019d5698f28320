import type { HostKind } from './model.ts';

/** What a VM of a host is doing: a copy under way takes a tenth of its work, wherever it is looked at. */
export type Phase = 'staying' | 'leaving' | 'arriving';

const SLOWED = 0.9;
const RESERVED_FOR_ARRIVAL = 0.1;

export interface Claim {
  readonly wantedMips: number;
  readonly phase: Phase;
}

/** One VM has one core at most, and an arriving one a tenth of what it wants. */
const request = ({ wantedMips }: Claim, kind: HostKind) => Math.min(wantedMips, kind.coreMips);
const weight = (claim: Claim, kind: HostKind) =>
  claim.phase === 'arriving' ? request(claim, kind) * RESERVED_FOR_ARRIVAL : request(claim, kind);

/** MIPS that each VM of a host is given. */
export function shareOut(claims: readonly Claim[], kind: HostKind): number[] {
  let free = kind.mips;
  for (const claim of claims) {
    const weighed = weight(claim, kind);
    if (free < weighed) return shareShort(claims, kind);
    free -= weighed;
  }
  return claims.map((claim) => {
    const asked = request(claim, kind);
    if (claim.phase === 'staying') return asked;
    return asked * (claim.phase === 'leaving' ? SLOWED : RESERVED_FOR_ARRIVAL);
  });
}

function shareShort(claims: readonly Claim[], kind: HostKind): number[] {
  let sum = 0;
  for (const claim of claims) sum += weight(claim, kind);
  const factor = kind.mips / sum;
  return claims.map((claim) => {
    const asked = request(claim, kind);
    if (claim.phase === 'leaving') return Math.floor(asked * factor * SLOWED);
    return Math.floor(claim.phase === 'arriving' ? asked * RESERVED_FOR_ARRIVAL * factor : asked * factor);
  });
}

/** What the host does for the VM: the part that a leaving one loses is burnt there all the same. */
export const burntMips = (given: number, phase: Phase): number => (phase === 'leaving' ? given / SLOWED : given);

/** What the host owes the VM by its request, an arriving one counted with what is reserved for it. */
export const dueMips = (claim: Claim, kind: HostKind): number => weight(claim, kind);
