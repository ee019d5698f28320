import type { MigrationEstimate } from '../domain/plan.ts';
import { OFF } from '../domain/power.ts';
import { estimateLive } from '../domain/precopy.ts';
import type { Prices } from '../domain/profile.ts';
import { CPU } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { GIB, HOUR, MINUTE, SECOND } from '../domain/units.ts';
import type { AuthoredOnce } from './authored-once.ts';

/** With more speeds of migration networks than this, prices are worked out anew each time and not remembered. */
const MOST_REMEMBERED_SPEEDS = 16;

/**
 * What changes cost once: the core's own price of moving a VM and of a power cycle. A cycle of decisions is paid for by
 * where it ends: a VM is copied once, however often the search changes its mind, and not at all if it ends where it was.
 * So a change that takes back an earlier one has a price below zero.
 */
export class OnceCosts {
  readonly #snapshot: Snapshot;
  readonly #prices: Prices;
  /** Rank of each host's migration network, the slowest first: the slower end decides how fast a VM is copied. */
  readonly #speedOf: Uint32Array;
  /** Per speed, the price of moving each VM; NaN where nobody has asked yet. */
  readonly #known: (Float64Array | undefined)[] = [];
  readonly #speedCount: number;
  /** What policies add to it. */
  readonly #authored: AuthoredOnce | undefined;

  constructor(snapshot: Snapshot, prices: Prices, authored?: AuthoredOnce) {
    this.#snapshot = snapshot;
    this.#authored = authored;
    this.#prices = prices;
    const speeds = Float64Array.from(snapshot.hosts.migrationBytesPerS);
    const ranked = [...new Set(speeds)].sort((a, b) => a - b);
    const rank = new Map(ranked.map((speed, r) => [speed, r]));
    this.#speedCount = ranked.length;
    this.#speedOf = Uint32Array.from(speeds, (speed) => rank.get(speed)!);
  }

  migration(vm: number, from: number, to: number): MigrationEstimate {
    const { hosts } = this.#snapshot;
    const bytesPerS = Math.min(hosts.migrationBytesPerS[from]!, hosts.migrationBytesPerS[to]!);
    return estimateLive(this.#snapshot, vm, bytesPerS);
  }

  /** What the core charges for a move between two hosts, wherever the VM has been. */
  between(vm: number, from: number, to: number): number {
    return this.#priceBetween(vm, from, to);
  }

  /** What the move adds to the price of all changes. */
  ofMove(vm: number, from: number, to: number): number {
    return this.#added(this.#snapshot.vms.host[vm]!, vm, from, to);
  }

  /** The least that a move away from the host can add, wherever it goes. */
  ofLeaving(vm: number, from: number): number {
    const home = this.#snapshot.vms.host[vm]!;
    const own = from === home ? this.#priceBetween(vm, home, home) : -this.#priceBetween(vm, home, from);
    return this.#authored === undefined ? own : own + this.#authored.leastOfLeaving(home, vm, from);
  }

  /** The whole cycle is paid when a host is switched off: coming back later is then for free. */
  ofSwitchingOff(host: number): number {
    return this.#wasOff(host) ? 0 : this.#powerCycle(host);
  }

  ofSwitchingOn(host: number): number {
    return this.#wasOff(host) ? 0 : -this.#powerCycle(host);
  }

  #wasOff(host: number): boolean {
    return this.#snapshot.hosts.power[host] === OFF;
  }

  #added(home: number, vm: number, from: number, to: number): number {
    const price = to === home ? 0 : this.#priceBetween(vm, home, to);
    const own = from === home ? price : price - this.#priceBetween(vm, home, from);
    return this.#authored === undefined ? own : own + this.#authored.ofMove(home, vm, from, to);
  }

  #powerCycle(host: number): number {
    const { hosts, pools } = this.#snapshot;
    const model = pools.powerModels[hosts.powerModel[host]!]!;
    const idleWatts = model.watts[0]!;
    const hoursInTransit = ((model.bootSeconds + model.shutdownSeconds) * SECOND) / HOUR;
    const kwh = (idleWatts * hoursInTransit) / 1000;
    return this.#prices.perPowerCycle + kwh * this.#prices.pue * this.#prices.perKwh;
  }

  #priceBetween(vm: number, from: number, to: number): number {
    if (this.#speedCount > MOST_REMEMBERED_SPEEDS) return this.#priceOf(vm, from, to);
    const speed = Math.min(this.#speedOf[from]!, this.#speedOf[to]!);
    this.#known[speed] ??= new Float64Array(this.#snapshot.vms.ids.length).fill(Number.NaN);
    const prices = this.#known[speed];
    const known = prices[vm]!;
    if (!Number.isNaN(known)) return known;
    prices[vm] = this.#priceOf(vm, from, to);
    return prices[vm];
  }

  #priceOf(vm: number, from: number, to: number): number {
    const { seconds, bytes, blackoutMs } = this.migration(vm, from, to);
    const prices = this.#prices;
    return (
      (bytes / GIB) * prices.perMigratedGib +
      ((seconds * SECOND) / MINUTE) *
        (prices.perMigrationMinute + this.#busyCores(vm, from) * prices.perMigratedCoreMinute) +
      (blackoutMs / SECOND) * prices.perBlackoutSecond +
      this.#snapshot.vms.liveSessions[vm]! * prices.perSessionMoved
    );
  }

  /** Of the host that it leaves. */
  #busyCores(vm: number, from: number): number {
    const { hosts, vms } = this.#snapshot;
    const coreMhz = hosts.capacity[CPU]![from]! / Math.max(1, hosts.cores[from]!);
    return coreMhz > 0 ? vms.demand[CPU]![vm]! / coreMhz : 0;
  }
}
