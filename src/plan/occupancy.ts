import { RESOURCES } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { amountWords } from '../domain/words.ts';
import type { Conflict } from './crowds.ts';
import { Crowds } from './crowds.ts';

/** Resources that cannot be shared out thinner: a host has them free, or the VM does not go there. */
export const GUARANTEED: readonly number[] = RESOURCES.flatMap(({ guaranteed }, index) => (guaranteed ? [index] : []));

const NOWHERE = -1;

/**
 * Where every VM stands at one instant and what room that leaves. A VM in flight stands on both hosts. One that migrates
 * quickly takes room on its source only until it is saved. On its target room is promised to it from the beginning; then
 * there may be less than none free until somebody leaves.
 */
export class Occupancy {
  readonly snapshot: Snapshot;
  readonly crowds: Crowds;
  readonly #place: Int32Array;
  readonly #headedTo: Int32Array;
  readonly #isSaved: Uint8Array;
  /** Room left per resource and host; only guaranteed resources are kept. */
  readonly #free: readonly Float64Array[];
  readonly #guests: Int32Array;

  constructor(snapshot: Snapshot) {
    const { hosts, vms } = snapshot;
    this.snapshot = snapshot;
    this.crowds = new Crowds(snapshot);
    this.#place = new Int32Array(vms.ids.length);
    for (let vm = 0; vm < this.#place.length; vm++) this.#place[vm] = vms.host[vm]!;
    this.#headedTo = new Int32Array(vms.ids.length).fill(NOWHERE);
    this.#isSaved = new Uint8Array(vms.ids.length);
    this.#free = RESOURCES.map((_, r) => {
      const free = new Float64Array(hosts.ids.length);
      for (let h = 0; h < free.length; h++) free[h] = hosts.capacity[r]![h]! - hosts.reserved[r]![h]!;
      return free;
    });
    this.#guests = new Int32Array(hosts.ids.length);
    for (let vm = 0; vm < vms.ids.length; vm++) this.#enter(vm, this.#place[vm]!);
    this.#beginFlights();
  }

  placeOf(vm: number): number {
    return this.#place[vm]!;
  }

  /** Where a VM in flight is going; nothing for one at rest. */
  headedTo(vm: number): number | undefined {
    const to = this.#headedTo[vm]!;
    return to === NOWHERE ? undefined : to;
  }

  free(resource: number, host: number): number {
    return this.#free[resource]![host]!;
  }

  /** VMs that stand on the host, those coming and going among them. */
  guests(host: number): number {
    return this.#guests[host]!;
  }

  fits(vm: number, host: number): boolean {
    return GUARANTEED.every((resource) => this.lack(resource, vm, host) <= 0);
  }

  /** How much the host lacks of the resource to take the VM. */
  lack(resource: number, vm: number, host: number): number {
    return this.snapshot.vms.demand[resource]![vm]! - this.#free[resource]![host]!;
  }

  conflict(vm: number, host: number): Conflict | undefined {
    return this.crowds.conflict(vm, host);
  }

  accepts(vm: number, host: number): boolean {
    return this.fits(vm, host) && this.conflict(vm, host) === undefined;
  }

  /** Why the VM cannot come to the host now, in words. */
  refusal(vm: number, host: number): string | undefined {
    const { hosts, vms } = this.snapshot;
    for (const resource of GUARANTEED) {
      if (this.lack(resource, vm, host) <= 0) continue;
      const free = amountWords(resource, Math.max(0, this.free(resource, host)));
      const needed = amountWords(resource, vms.demand[resource]![vm]!);
      return `${hosts.ids[host]} has ${free} free and ${vms.ids[vm]} needs ${needed}`;
    }
    const conflict = this.conflict(vm, host);
    if (conflict === undefined) return undefined;
    const { rule, most } = conflict.crowd;
    if (rule.kind === 'anti-affinity')
      return `rule ${rule.id} keeps ${vms.ids[vm]} apart from ${vms.ids[conflict.vms[0]!]} at ${hosts.ids[host]}`;
    return `rule ${rule.id} allows ${most} of its VMs at once on ${hosts.ids[host]}, and ${conflict.vms.length} are there`;
  }

  /** Whether all who were promised room on the host can have it. */
  hasRoomForAll(host: number): boolean {
    return GUARANTEED.every((resource) => this.#free[resource]![host]! >= 0);
  }

  begin(vm: number, to: number): void {
    this.#headedTo[vm] = to;
    this.#enter(vm, to);
  }

  /** Of a quick migration: the guest is saved. It may still come back, and stands on its source as far as rules go. */
  save(vm: number): void {
    if (this.#headedTo[vm] === NOWHERE || this.#isSaved[vm] === 1) return;
    this.#isSaved[vm] = 1;
    this.#giveBack(vm, this.#place[vm]!);
  }

  /** Ends a flight: the VM stands on its target, or back on its source. */
  end(vm: number, arrived: boolean): void {
    const to = this.#headedTo[vm]!;
    if (this.#isSaved[vm] === 1) this.#take(vm, this.#place[vm]!);
    this.#isSaved[vm] = 0;
    this.#headedTo[vm] = NOWHERE;
    this.#leave(vm, arrived ? this.#place[vm]! : to);
    if (arrived) this.#place[vm] = to;
  }

  /** Puts a VM where it is now known to be. */
  put(vm: number, host: number): void {
    if (this.#headedTo[vm] !== NOWHERE) this.end(vm, false);
    this.#leave(vm, this.#place[vm]!);
    this.#place[vm] = host;
    this.#enter(vm, host);
  }

  #enter(vm: number, host: number): void {
    this.#take(vm, host);
    this.#guests[host]! += 1;
    this.crowds.enter(vm, host);
  }

  #leave(vm: number, host: number): void {
    this.#giveBack(vm, host);
    this.#guests[host]! -= 1;
    this.crowds.leave(vm, host);
  }

  #take(vm: number, host: number): void {
    for (const resource of GUARANTEED) this.#free[resource]![host]! -= this.snapshot.vms.demand[resource]![vm]!;
  }

  #giveBack(vm: number, host: number): void {
    for (const resource of GUARANTEED) this.#free[resource]![host]! += this.snapshot.vms.demand[resource]![vm]!;
  }

  #beginFlights(): void {
    const { flights, hosts, vms } = this.snapshot;
    for (const flight of flights) {
      const vm = vms.index.get(flight.vm);
      const from = hosts.index.get(flight.from);
      const to = hosts.index.get(flight.to);
      if (vm === undefined || from === undefined || to === undefined) continue;
      this.put(vm, from);
      this.begin(vm, to);
      if (flight.quick === 'saved') this.save(vm);
    }
  }
}
