/** Stands for no VM. */
export const NOBODY = -1;
/** On hosts with more VMs than this, VMs are thought of one by one and not in twos. */
const MOST_PAIRED = 24;

/** Who may leave a host together: nobody, one VM, or two; side by side. */
export interface Bundles {
  readonly count: number;
  /** Nobody and single VMs come first. */
  readonly singles: number;
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Per resource, what they take along. */
  readonly wanted: readonly Float64Array[];
}

/** In twos too, where that is asked for. */
export function bundlesOf(vms: Int32Array, demand: readonly Float64Array[], inTwos: boolean): Bundles {
  const pairs = !inTwos || vms.length > MOST_PAIRED ? 0 : (vms.length * (vms.length - 1)) / 2;
  const singles = 1 + vms.length;
  const count = singles + pairs;
  const first = new Int32Array(count).fill(NOBODY);
  const second = new Int32Array(count).fill(NOBODY);
  first.set(vms, 1);
  for (let i = 0, n = singles; n < count; i++) {
    for (let j = 0; j < i; j++, n++) {
      first[n] = vms[i]!;
      second[n] = vms[j]!;
    }
  }
  const wanted = demand.map((column) => {
    const sums = new Float64Array(count);
    for (let i = 1; i < count; i++) sums[i] = column[first[i]!]! + (i < singles ? 0 : column[second[i]!]!);
    return sums;
  });
  return { count, singles, first, second, wanted };
}
