import type { Move, PowerSwitch } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import { OFF, ON, POWER_STATES } from '../domain/power.ts';
import { MEMORY } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { VmId } from '../domain/vm.ts';
import { Occupancy } from '../plan/occupancy.ts';
import type { ForeignMove } from './tokens.ts';

interface Since<T> {
  readonly value: T;
  readonly atMs: number;
}

/** The newest snapshot, and what has been done since it was taken: it may lag behind. */
export class DatacenterNow {
  #snapshot: Snapshot | undefined;
  #occupancy: Occupancy | undefined;
  readonly #ours = new Map<VmId, Move>();
  readonly #places = new Map<VmId, Since<HostId>>();
  readonly #powers = new Map<HostId, Since<number>>();

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  get occupancy(): Occupancy | undefined {
    return this.#occupancy;
  }

  /** Nothing from before it is remembered beside the snapshot. An older one than the last is not taken. */
  observe(snapshot: Snapshot): void {
    if (this.#snapshot !== undefined && snapshot.atMs < this.#snapshot.atMs) return;
    this.#snapshot = snapshot;
    forgetBefore(this.#places, snapshot.atMs);
    forgetBefore(this.#powers, snapshot.atMs);
    const occupancy = new Occupancy(snapshot);
    this.#occupancy = occupancy;
    for (const [vm, { value }] of this.#places) this.#put(vm, value);
    for (const move of this.#ours.values()) this.#begin(move);
  }

  /** In flight by the hand of others, as far as is known. */
  foreignFlights(): ForeignMove[] {
    const flights = this.#snapshot?.flights ?? [];
    return flights
      .filter(({ vm }) => !this.#ours.has(vm) && !this.#places.has(vm))
      .map(({ vm, from, to, quick }) => ({
        move: { kind: 'move', vm, from, to },
        how: quick === undefined ? 'live' : 'quick',
      }));
  }

  powerOf(host: HostId): number | undefined {
    const index = this.#snapshot?.hosts.index.get(host);
    return index === undefined ? undefined : (this.#powers.get(host)?.value ?? this.#snapshot?.hosts.power[index]);
  }

  powerWords(host: HostId): string {
    const power = this.powerOf(host);
    return power === undefined ? 'unknown' : POWER_STATES[power]!;
  }

  isKnown(host: HostId): boolean {
    const index = this.#snapshot?.hosts.index.get(host);
    return index !== undefined && this.#snapshot?.hosts.known[index] === 1;
  }

  memoryBytes(vm: VmId): number {
    const index = this.#snapshot?.vms.index.get(vm);
    return index === undefined ? 0 : (this.#snapshot?.vms.demand[MEMORY]?.[index] ?? 0);
  }

  moveStarted(move: Move): void {
    this.#ours.set(move.vm, move);
    this.#begin(move);
  }

  moveEnded(move: Move, arrived: boolean, atMs: number): void {
    this.#ours.delete(move.vm);
    const place = arrived ? move.to : move.from;
    this.#places.set(move.vm, { value: place, atMs });
    this.#put(move.vm, place);
  }

  switched({ host, to }: PowerSwitch, atMs: number): void {
    this.#powers.set(host, { value: to === 'on' ? ON : OFF, atMs });
  }

  #put(vmId: VmId, hostId: HostId): void {
    const vm = this.#snapshot?.vms.index.get(vmId);
    const host = this.#snapshot?.hosts.index.get(hostId);
    if (vm !== undefined && host !== undefined) this.#occupancy?.put(vm, host);
  }

  #begin({ vm: vmId, from, to }: Move): void {
    const vm = this.#snapshot?.vms.index.get(vmId);
    const target = this.#snapshot?.hosts.index.get(to);
    if (vm === undefined || target === undefined) return;
    this.#put(vmId, from);
    this.#occupancy?.begin(vm, target);
  }
}

function forgetBefore<K, T>(since: Map<K, Since<T>>, atMs: number): void {
  for (const [key, { atMs: then }] of since) if (then < atMs) since.delete(key);
}
