import { FailoverBound, type Supposed } from './failover-bound.ts';
import type { Kind } from './failover-kinds.ts';

/** A protected VM, or the largest one can think of: what it takes of each needed resource. */
export type Size = readonly number[];

/** One way to compare what hosts run with the room that others have; `FailoverBound` says why it proves anything. */
export interface Yardstick {
  weightOf(size: Size): number;
  /** Of a host with so much room. */
  spareOf(room: Size): number;
  readonly slack: number;
}

/** The yardsticks for VMs that take so much in all, of which none takes more than the largest. */
export function yardsticks(count: number, total: Size, largest: Size): Yardstick[] {
  return [slots(count, largest), ...WEIGHINGS.map((weighing) => volume(weighing, total, largest))];
}

/** How much a share of all of the first resource counts against the same share of all of the second. */
const WEIGHINGS = [1 / 32, 1 / 8, 1 / 2, 2, 8, 32];

/** All VMs together weigh one, so that the margins of all yardsticks can be compared. */
function slots(count: number, largest: Size): Yardstick {
  return {
    weightOf: () => 1 / count,
    spareOf: (room) => {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < room.length; i++) {
        const own = room[i]!;
        if (own < 0) return 0;
        if (largest[i]! > 0) least = Math.min(least, Math.floor(own / largest[i]!));
      }
      return least / count;
    },
    slack: 0.5 / count,
  };
}

function volume(weighing: number, total: Size, largest: Size): Yardstick {
  const raw = total.map((all, i) => (all === 0 ? 0 : (i === 0 ? weighing : 1) / all));
  const whole = raw.reduce((sum, weight, i) => sum + weight * total[i]!, 0);
  const weights = raw.map((weight) => weight / whole);
  return {
    weightOf: (size) => {
      let weight = 0;
      for (let i = 0; i < size.length; i++) weight += weights[i]! * size[i]!;
      return weight;
    },
    spareOf: (room) => {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < room.length; i++) {
        // On a host that is overfull in anything nobody is started, though he takes nothing of that.
        if (room[i]! < 0) return 0;
        if (weights[i]! > 0) least = Math.min(least, weights[i]! * Math.max(0, room[i]! - largest[i]!));
      }
      return least;
    },
    slack: 0,
  };
}

/** The fleet by one yardstick: a bound per kind of VM, kept up to date host by host. */
export class FailoverMeasure {
  readonly yardstick: Yardstick;
  readonly #bounds: readonly FailoverBound[];
  readonly #load: Float64Array;

  constructor(
    yardstick: Yardstick,
    failures: number,
    kinds: readonly Kind[],
    load: Float64Array,
    rooms: readonly Size[],
  ) {
    this.yardstick = yardstick;
    this.#load = load;
    const hosts = rooms.map((room, host) => ({ load: load[host]!, spare: yardstick.spareOf(room) }));
    this.#bounds = kinds.map((kind) => new FailoverBound(failures, kind, hosts, yardstick.slack));
  }

  loadOf(host: number): number {
    return this.#load[host]!;
  }

  set(now: Supposed): void {
    this.#load[now.host] = now.load;
    for (const bound of this.#bounds) bound.set(now);
  }

  marginWith(one: Supposed, other: Supposed): number {
    let least = Number.POSITIVE_INFINITY;
    for (let b = 0; b < this.#bounds.length; b++) least = Math.min(least, this.#bounds[b]!.marginWith(one, other));
    return least;
  }

  /** The hosts whose failure would be the worst, and how much of what they run is certain to find room. */
  weakest(): { readonly hosts: readonly number[]; readonly coverage: number } {
    const each = this.#bounds.map((bound) => ({
      hosts: bound.worst(),
      coverage: bound.coverage((host) => this.#load[host]!),
    }));
    return each.reduce((least, other) => (other.coverage < least.coverage ? other : least));
  }
}
