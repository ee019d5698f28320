import type { Host } from '../domain/host.ts';
import type { SeededRandom } from './random.ts';
import { between, wholeBelow } from './random.ts';

const TRIES = 8;
const OVERLOAD_SHARE = 1.12;
const LEAST_COOL_SHARE = 0.02;
export const NOWHERE = -1;

/** Hosts next to each other in the list: those of a site stand together. */
export interface HostRange {
  readonly first: number;
  readonly count: number;
}

/** Where the first VMs of a made-up fleet go: each host is filled up to a CPU share of its own, within its memory. */
export class Placement {
  readonly #random: SeededRandom;
  readonly #freeMemoryBytes: Float64Array;
  readonly #wantedMhz: Float64Array;

  constructor(hosts: readonly Host[], load: number, skew: number, random: SeededRandom) {
    this.#random = random;
    this.#freeMemoryBytes = Float64Array.from(hosts, usableMemoryBytes);
    this.#wantedMhz = wantedMhz(hosts, load, skew, random);
  }

  /** A host of the range with room that the condition allows, or NOWHERE. */
  place(cpuMhz: number, memoryBytes: number, range: HostRange, allows: (host: number) => boolean): number {
    const fits = (host: number) => this.#freeMemoryBytes[host]! >= memoryBytes && allows(host);
    let host = this.#bestOfSome(range, fits);
    if (host === NOWHERE) host = this.#firstOfAll(range, fits);
    if (host === NOWHERE) return NOWHERE;
    this.#freeMemoryBytes[host]! -= memoryBytes;
    this.#wantedMhz[host]! -= cpuMhz;
    return host;
  }

  #bestOfSome({ first, count }: HostRange, fits: (host: number) => boolean): number {
    let best = NOWHERE;
    for (let i = 0; i < TRIES; i++) {
      const host = first + wholeBelow(this.#random, count);
      if (best !== NOWHERE && this.#wantedMhz[host]! <= this.#wantedMhz[best]!) continue;
      if (fits(host)) best = host;
    }
    return best;
  }

  #firstOfAll({ first, count }: HostRange, fits: (host: number) => boolean): number {
    const start = wholeBelow(this.#random, count);
    for (let i = 0; i < count; i++) {
      const host = first + ((start + i) % count);
      if (fits(host)) return host;
    }
    return NOWHERE;
  }
}

export const usableMemoryBytes = (host: Host): number => host.capacity.memoryBytes - host.reserved.memoryBytes;

/** Overloaded hosts take their share first; the others divide the rest unevenly. */
function wantedMhz(hosts: readonly Host[], load: number, skew: number, random: SeededRandom): Float64Array {
  const hotCount = Math.round(hosts.length * skew);
  const isHot = new Uint8Array(hosts.length);
  for (let left = hotCount; left > 0; ) {
    const host = wholeBelow(random, hosts.length);
    if (isHot[host] === 1) continue;
    isHot[host] = 1;
    left -= 1;
  }
  const actualSkew = hotCount / hosts.length;
  const cool = actualSkew === 1 ? 0 : (load - actualSkew * OVERLOAD_SHARE) / (1 - actualSkew);
  const coolShare = Math.max(cool, LEAST_COOL_SHARE);
  return Float64Array.from(hosts, (host, i) => {
    const share = isHot[i] === 1 ? OVERLOAD_SHARE : coolShare * between(random, 0.85, 1.15);
    return share * host.capacity.cpuMhz - host.reserved.cpuMhz;
  });
}
