import { ELSEWHERE } from '../domain/crowds.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Job, MoveJob, SwitchJob } from './jobs.ts';
import type { Occupancy } from './occupancy.ts';
import { GUARANTEED } from './occupancy.ts';
import { RoomClaims } from './room-claims.ts';

/**
 * Which steps a step could not have started without. Room that is freed is promised to one arrival only, so that an
 * order that keeps these dependencies never lacks room, whatever each step takes in the end.
 */
export class Dependencies {
  readonly #snapshot: Snapshot;
  readonly #occupancy: Occupancy;
  readonly #claims: readonly { readonly resource: number; readonly room: RoomClaims<MoveJob> }[];
  readonly #switchedOn = new Map<number, SwitchJob>();
  readonly #leftHost = new Map<number, MoveJob[]>();
  readonly #cameTo = new Map<number, MoveJob[]>();
  /** Standing room in the places of crowds, told apart by `#standingRoom`. */
  readonly #standing: RoomClaims<MoveJob>;
  readonly #placeCount: number;

  constructor(snapshot: Snapshot, occupancy: Occupancy) {
    this.#snapshot = snapshot;
    this.#occupancy = occupancy;
    this.#claims = GUARANTEED.map((resource) => ({
      resource,
      room: new RoomClaims<MoveJob>(remembered(snapshot.hosts.ids.map((_, host) => occupancy.free(resource, host)))),
    }));
    this.#placeCount = Math.max(snapshot.hosts.ids.length, snapshot.pools.texts.length);
    this.#standing = new RoomClaims<MoveJob>(this.#standingAtFirst());
  }

  /** For room that a quick migration gives back it is enough that its guest is saved; all else waits for the end. */
  moveStarts(job: MoveJob): Pick<MoveJob, 'after' | 'afterSaved'> {
    const { from, to, vm, previous, quick } = job;
    const after: Job[] = [];
    const afterSaved: MoveJob[] = [];
    if (previous !== undefined) include(after, previous);
    include(after, this.#switchedOn.get(to));
    for (const place of this.#standingRoom({ vm, from, to }, to)) {
      for (const giver of this.#standing.claim(place, 1)) include(after, giver);
    }
    if (quick === undefined) this.#claim(job, after, afterSaved);
    else {
      this.#promise(job);
      // What has been promised to it is in the way of whoever was to come before it.
      for (const other of this.#cameTo.get(to) ?? []) include(after, other);
    }
    addTo(this.#cameTo, to, job);
    return { after, afterSaved: afterSaved.filter((giver) => !after.includes(giver)) };
  }

  /** A quick migration gives its room back when its guest is saved, a live one when it ends. */
  roomIsLeft(job: MoveJob): void {
    for (const { resource, room } of this.#claims) {
      room.offer(job.from, this.#snapshot.vms.demand[resource]![job.vm]!, job.own ? job : undefined);
    }
  }

  moveEnds(job: MoveJob): void {
    for (const place of this.#standingRoom(job, job.from)) this.#standing.offer(place, 1, job.own ? job : undefined);
    if (job.own) addTo(this.#leftHost, job.from, job);
  }

  /** Switching on waits for nothing, switching off for everyone who had to leave. */
  switchStarts({ change, host }: SwitchJob): Job[] {
    return change.to === 'on' ? [] : [...(this.#leftHost.get(host) ?? [])];
  }

  switchEnds(job: SwitchJob): void {
    if (job.own && job.change.to === 'on') this.#switchedOn.set(job.host, job);
  }

  #promise({ vm, to }: MoveJob): void {
    for (const { resource, room } of this.#claims) room.promise(to, this.#snapshot.vms.demand[resource]![vm]!);
  }

  #claim({ vm, to }: MoveJob, after: Job[], afterSaved: MoveJob[]): void {
    for (const { resource, room } of this.#claims) {
      for (const giver of room.claim(to, this.#snapshot.vms.demand[resource]![vm]!)) {
        if (giver.quick === undefined) include(after, giver);
        else if (!afterSaved.includes(giver)) afterSaved.push(giver);
      }
    }
  }

  /** The places of its crowds that the VM enters or leaves there; moving about within one is neither. */
  *#standingRoom({ vm, from, to }: Pick<MoveJob, 'vm' | 'from' | 'to'>, host: number): Iterable<number> {
    for (const { index, placeOf } of this.#occupancy.crowds.crowdsOf(vm)) {
      if (placeOf[host] !== ELSEWHERE && placeOf[from] !== placeOf[to]) yield index * this.#placeCount + placeOf[host]!;
    }
  }

  #standingAtFirst(): (place: number) => number {
    const { all } = this.#occupancy.crowds;
    const taken = new Map<number, number>();
    for (const { index, inside } of all) {
      for (const [place, vms] of inside) taken.set(index * this.#placeCount + place, vms.length);
    }
    return (place) => all[Math.floor(place / this.#placeCount)]!.most - (taken.get(place) ?? 0);
  }
}

/** Each once, and nobody waits for what was under way before. */
function include(jobs: Job[], job: Job | undefined): void {
  if (job?.own === true && !jobs.includes(job)) jobs.push(job);
}

const remembered = (amounts: readonly number[]) => (host: number) => amounts[host]!;

function addTo<K>(lists: Map<K, MoveJob[]>, key: K, job: MoveJob): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [job]);
  else list.push(job);
}
