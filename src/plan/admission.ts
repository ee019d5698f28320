import type { Change, Move } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import type { Limits } from '../domain/profile.ts';

/** Tokens taken at one host. */
interface Held {
  departures: number;
  arrivals: number;
}

const NOTHING_HELD: Readonly<Held> = { departures: 0, arrivals: 0 };

/**
 * How many migrations a host may be engaged in at once, whichever end it is: the larger of its two limits. So limits of
 * one mean one migration per host. Zero: no limit.
 */
export function slotsPerHost(limits: Limits): number {
  const { migrationsPerSource, migrationsPerTarget } = limits;
  return migrationsPerSource === 0 || migrationsPerTarget === 0
    ? 0
    : Math.max(migrationsPerSource, migrationsPerTarget);
}

/** The tokens that migrations and power switches hold while they run. Planner and executor go by the same. */
export class Admission {
  readonly #limits: Limits;
  readonly #slots: number;
  readonly #hosts = new Map<HostId, Held>();
  readonly #pairs = new Map<string, number>();
  #migrations = 0;
  #switches = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#slots = slotsPerHost(limits);
  }

  /** Why the change has to wait, in words; nothing when it may start. */
  refusal(change: Change): string | undefined {
    if (change.kind === 'power') return this.#switchRefusal();
    return (
      this.#departureRefusal(change.from) ??
      this.#arrivalRefusal(change.to) ??
      this.#pairRefusal(change) ??
      this.#clusterRefusal()
    );
  }

  /** The same answer as `refusal` without its words, for those who ask very often. */
  admits(change: Change): boolean {
    if (change.kind === 'power') return this.admitsSwitches();
    const { migrationsPerSource, migrationsPerTarget } = this.#limits;
    const source = this.#held(change.from);
    const target = this.#held(change.to);
    return (
      this.admitsMigrations() &&
      !reached(source.departures, migrationsPerSource) &&
      !reached(target.arrivals, migrationsPerTarget) &&
      !reached(engaged(source), this.#slots) &&
      !reached(engaged(target), this.#slots) &&
      this.#pairRefusal(change) === undefined
    );
  }

  /** False: no migration may start anywhere in the cluster. */
  admitsMigrations(): boolean {
    return !reached(this.#migrations, this.#limits.migrationsPerCluster);
  }

  admitsSwitches(): boolean {
    return !reached(this.#switches, this.#limits.powerSwitchesPerCluster);
  }

  /** True: no migration may start or end at this host. */
  isFull(host: HostId): boolean {
    return reached(engaged(this.#held(host)), this.#slots);
  }

  /** Takes the tokens even where none are left: what runs already runs. */
  admit(change: Change): void {
    this.#count(change, 1);
  }

  release(change: Change): void {
    this.#count(change, -1);
  }

  #count(change: Change, by: 1 | -1): void {
    if (change.kind === 'power') {
      this.#switches += by;
      return;
    }
    this.#migrations += by;
    this.#own(change.from).departures += by;
    this.#own(change.to).arrivals += by;
    const pair = pairKey(change);
    this.#pairs.set(pair, (this.#pairs.get(pair) ?? 0) + by);
  }

  #held(host: HostId): Readonly<Held> {
    return this.#hosts.get(host) ?? NOTHING_HELD;
  }

  #own(host: HostId): Held {
    let held = this.#hosts.get(host);
    if (held === undefined) {
      held = { ...NOTHING_HELD };
      this.#hosts.set(host, held);
    }
    return held;
  }

  #departureRefusal(host: HostId): string | undefined {
    const held = this.#held(host);
    return (
      waiting(host, engaged(held), this.#slots, 'migration') ??
      waiting(host, held.departures, this.#limits.migrationsPerSource, 'departure')
    );
  }

  #arrivalRefusal(host: HostId): string | undefined {
    const held = this.#held(host);
    return (
      waiting(host, engaged(held), this.#slots, 'migration') ??
      waiting(host, held.arrivals, this.#limits.migrationsPerTarget, 'arrival')
    );
  }

  #pairRefusal(move: Move): string | undefined {
    const limit = this.#limits.migrationsPerPair;
    if (limit === 0) return undefined;
    return waiting(`${move.from} and ${move.to}`, this.#pairs.get(pairKey(move)) ?? 0, limit, 'migration');
  }

  #clusterRefusal(): string | undefined {
    return waiting('the cluster', this.#migrations, this.#limits.migrationsPerCluster, 'migration');
  }

  #switchRefusal(): string | undefined {
    return waiting('the cluster', this.#switches, this.#limits.powerSwitchesPerCluster, 'power switch', 'under way');
  }
}

const engaged = (held: Readonly<Held>): number => held.departures + held.arrivals;

const reached = (held: number, limit: number): boolean => limit > 0 && held >= limit;

function waiting(whom: string, held: number, limit: number, what: string, how = 'in flight'): string | undefined {
  if (!reached(held, limit)) return undefined;
  const plural = what.endsWith('h') ? `${what}es` : `${what}s`;
  return `waits for ${whom}: ${held} of ${limit} ${limit === 1 ? what : plural} ${how}`;
}

const pairKey = ({ from, to }: Move): string => (from < to ? `${from}\n${to}` : `${to}\n${from}`);
