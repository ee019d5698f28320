import type { Move, PowerSwitch } from '../domain/change.ts';
import { doubtWords, hostDoubtWords } from '../domain/doubt.ts';
import type { HostId } from '../domain/host.ts';
import { OFF, ON, POWER_STATES } from '../domain/power.ts';
import { MEMORY } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { VmId } from '../domain/vm.ts';
import { Occupancy } from '../plan/occupancy.ts';
import type { ForeignMove, How } from './tokens.ts';

/** What matters of a guest that is being migrated. */
export interface Guest {
  readonly memoryBytes: number;
  readonly quickAllowed: boolean;
  readonly postCopyAllowed: boolean;
}

interface Own {
  readonly move: Move;
  readonly how: How;
  isSaved: boolean;
}

interface Since<T> {
  readonly value: T;
  readonly atMs: number;
  /** How many snapshots have been taken since it was noted. */
  snapshots: number;
}

/** After so many snapshots what they say counts, whatever the clock said when something was noted. */
const MOST_SNAPSHOTS = 2;

/** The newest snapshot, and what has been done since it was taken: it may lag behind. */
export class DatacenterNow {
  #snapshot: Snapshot | undefined;
  #occupancy: Occupancy | undefined;
  readonly #ours = new Map<VmId, Own>();
  readonly #places = new Map<VmId, Since<HostId>>();
  readonly #powers = new Map<HostId, Since<number>>();

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  get occupancy(): Occupancy | undefined {
    return this.#occupancy;
  }

  /** Nothing from before it is remembered beside the snapshot. An older one than the last is not taken: clocks can be put back, versions not. */
  observe(snapshot: Snapshot): void {
    if (this.#snapshot !== undefined && snapshot.version < this.#snapshot.version) return;
    this.#snapshot = snapshot;
    forgetBefore(this.#places, snapshot.atMs);
    forgetBefore(this.#powers, snapshot.atMs);
    const occupancy = new Occupancy(snapshot);
    this.#occupancy = occupancy;
    for (const [vm, { value }] of this.#places) this.#put(vm, value);
    for (const own of this.#ours.values()) this.#begin(own);
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

  /** Why it is not, in words. */
  doubtOf(host: HostId): string {
    const index = this.#snapshot?.hosts.index.get(host);
    if (this.#snapshot === undefined || index === undefined) return doubtWords(host, '');
    return hostDoubtWords(this.#snapshot, index);
  }

  isInMaintenance(host: HostId): boolean {
    const index = this.#snapshot?.hosts.index.get(host);
    return index !== undefined && this.#snapshot?.hosts.maintenance[index] === 1;
  }

  guest(id: VmId): Guest {
    const vms = this.#snapshot?.vms;
    const vm = vms?.index.get(id);
    if (vms === undefined || vm === undefined) return { memoryBytes: 0, quickAllowed: false, postCopyAllowed: false };
    return {
      memoryBytes: vms.demand[MEMORY]?.[vm] ?? 0,
      quickAllowed: vms.quickAllowed[vm] === 1,
      postCopyAllowed: vms.postCopyAllowed[vm] === 1,
    };
  }

  moveStarted(move: Move, how: How): void {
    const own = { move, how, isSaved: false };
    this.#ours.set(move.vm, own);
    this.#begin(own);
  }

  /** The guest of a quick migration has left its source. */
  guestSaved({ vm }: Move): void {
    const own = this.#ours.get(vm);
    const index = this.#snapshot?.vms.index.get(vm);
    if (own === undefined || own.isSaved) return;
    own.isSaved = true;
    if (index !== undefined) this.#occupancy?.save(index);
  }

  moveEnded(move: Move, arrived: boolean, atMs: number): void {
    this.#ours.delete(move.vm);
    const place = arrived ? move.to : move.from;
    this.#places.set(move.vm, { value: place, atMs, snapshots: 0 });
    this.#put(move.vm, place);
  }

  switched({ host, to }: PowerSwitch, atMs: number): void {
    this.#powers.set(host, { value: to === 'on' ? ON : OFF, atMs, snapshots: 0 });
  }

  #put(vmId: VmId, hostId: HostId): void {
    const vm = this.#snapshot?.vms.index.get(vmId);
    const host = this.#snapshot?.hosts.index.get(hostId);
    if (vm !== undefined && host !== undefined) this.#occupancy?.put(vm, host);
  }

  #begin({ move: { vm: vmId, from, to }, isSaved }: Own): void {
    const vm = this.#snapshot?.vms.index.get(vmId);
    const target = this.#snapshot?.hosts.index.get(to);
    if (vm === undefined || target === undefined) return;
    this.#put(vmId, from);
    this.#occupancy?.begin(vm, target);
    if (isSaved) this.#occupancy?.save(vm);
  }
}

function forgetBefore<K, T>(since: Map<K, Since<T>>, atMs: number): void {
  for (const [key, noted] of since) {
    if (noted.atMs < atMs || noted.snapshots >= MOST_SNAPSHOTS) since.delete(key);
    noted.snapshots += 1;
  }
}
