import { Largest } from './largest.ts';

/**
 * **What is proven.** Hosts in F fail, at most k of them. Their protected VMs are started again, one after the other in
 * any order, each on any other host that may run it and has room. Claim: none of them finds no host if, for each kind
 * of VM, whose hosts are A,
 *
 *     Σ spare(h) over h in A and not in F  >  Σ load(h) over h in F  −  slack                                     (1)
 *
 * for one of these measures of spare and load:
 *
 * - **volume**: for weights λ > 0 of the resources, load(h) = Σ λ[r] · (what the protected VMs on h take of r), spare(h)
 *   = min over r of λ[r] · max(0, room of h in r − the largest protected VM's r), slack = 0;
 * - **slots**: load(h) = how many protected VMs are on h, spare(h) = how many VMs as large as the largest in every
 *   resource h has room for, slack = ½.
 *
 * **Proof.** Say a VM v finds no host: each h in A and not in F lacks some resource r for it.
 *
 * Volume: what was started on h by then takes more of r than the room of h less what v takes, hence more than the room
 * less the largest VM's r; and no less than nothing. Weighted, what was started on h amounts to at least spare(h).
 * Summed over these hosts, what was started amounts to at least the left side of (1). But all that is started, and v is
 * still missing and takes something, amounts to less than Σ load. So (1) does not hold.
 *
 * Slots: at least spare(h) VMs were started on h by then, for with fewer of them, none larger than the largest, h would
 * have room for one more. Summed, at least the left side of (1) VMs were started. But with v missing it was at most
 * Σ load − 1. So (1) does not hold.
 *
 * (1) holds for every F of k hosts if it holds for the worst, and moving spare(h) to the right says which that is:
 *
 *     Σ spare(h) over A  >  the sum of the k largest of  load(h) + (spare(h) if h is in A)  −  slack              (2)
 *
 * Where none of these k runs a protected VM, nobody has to be started, and one of those that run some takes the place of
 * the last of them: then that is the worst.
 *
 * A kind of VM whose hosts include all those of another needs no look: (2) then follows.
 */
export interface Measured {
  readonly load: number;
  readonly spare: number;
}

/** One host as it would be. */
export interface Supposed extends Measured {
  readonly host: number;
}

/** Where only one host is supposed to be otherwise. */
export const NOBODY: Supposed = { host: -1, load: 0, spare: 0 };

/** Rounding of sums that are kept by adding and taking away. */
const ROUNDING = 1e-9;

/** (2) for one kind of VMs and one measure, kept up to date host by host. */
export class FailoverBound {
  readonly #failures: number;
  readonly #isOfKind: ArrayLike<number>;
  readonly #slack: number;
  readonly #spare: Float64Array;
  /** What the failure of a host takes away from (2): of any host, and of those that run protected VMs. */
  readonly #loss: Largest;
  readonly #lossOfLoaded: Largest;
  #allSpare = 0;

  /** `isOfKind`: 1 for each host that may run VMs of this kind. */
  constructor(failures: number, isOfKind: ArrayLike<number>, hosts: readonly Measured[], slack: number) {
    this.#failures = failures;
    this.#isOfKind = isOfKind;
    this.#slack = slack;
    this.#spare = Float64Array.from(hosts, ({ spare }, host) => spare * isOfKind[host]!);
    const losses = Float64Array.from(hosts, ({ load }, host) => load + this.#spare[host]!);
    this.#loss = new Largest(losses, failures);
    this.#lossOfLoaded = new Largest(
      losses.map((loss, host) => (hosts[host]!.load > 0 ? loss : 0)),
      1,
    );
    for (const spare of this.#spare) this.#allSpare += spare;
  }

  set(now: Supposed): void {
    const { host, load } = now;
    const own = this.#ownSpare(now);
    this.#allSpare += own - this.#spareOf(now);
    this.#spare[host] = own;
    this.#loss.set(host, load + own);
    this.#lossOfLoaded.set(host, load > 0 ? load + own : 0);
  }

  /** By how much the left side of (2) exceeds the right, if these two hosts were so; above zero it is proven. */
  marginWith(one: Supposed, other: Supposed): number {
    const oneSpare = this.#ownSpare(one);
    const otherSpare = this.#ownSpare(other);
    const spare = this.#allSpare - this.#spareOf(one) - this.#spareOf(other) + oneSpare + otherSpare;
    const oneLoss = one.load + oneSpare;
    const otherLoss = other.load + otherSpare;
    const sum = (many: number) => this.#loss.sumWith(many, one.host, oneLoss, other.host, otherLoss);
    const ofLoaded = this.#lossOfLoaded.sumWith(
      1,
      one.host,
      one.load > 0 ? oneLoss : 0,
      other.host,
      other.load > 0 ? otherLoss : 0,
    );
    // A loaded host among the largest is counted twice on the right, which makes that sum the larger one.
    const worst = Math.min(sum(this.#failures), ofLoaded + sum(this.#failures - 1));
    return spare - worst + this.#slack - ROUNDING * (spare + worst);
  }

  /** The hosts whose failure would be the worst. */
  worst(): readonly number[] {
    const [loaded] = this.#lossOfLoaded.rows(1);
    const hosts = this.#loss.rows(this.#failures);
    if (loaded === undefined || hosts.includes(loaded)) return hosts;
    return [loaded, ...hosts.slice(0, this.#failures - 1)];
  }

  /** How much of what those hosts run is certain to find room, as a share. */
  coverage(loadOf: (host: number) => number): number {
    let load = 0;
    let spare = this.#allSpare;
    for (const host of this.worst()) {
      load += loadOf(host);
      spare -= this.#spare[host]!;
    }
    return load > 0 ? Math.max(0, spare) / load : Number.POSITIVE_INFINITY;
  }

  #ownSpare({ host, spare }: Supposed): number {
    return spare * (this.#isOfKind[host] ?? 0);
  }

  #spareOf({ host }: Supposed): number {
    return this.#spare[host] ?? 0;
  }
}
