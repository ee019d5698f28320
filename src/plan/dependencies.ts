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
  /** Per rule and location, who left since the last one came. */
  readonly #leftLocation = new Map<string, MoveJob[]>();

  constructor(snapshot: Snapshot, occupancy: Occupancy) {
    this.#snapshot = snapshot;
    this.#occupancy = occupancy;
    this.#claims = GUARANTEED.map((resource) => ({
      resource,
      room: new RoomClaims<MoveJob>(snapshot.hosts.ids.map((_, host) => occupancy.free(resource, host))),
    }));
  }

  moveStarts(job: MoveJob): Job[] {
    const needed = new Set<Job>(job.previous === undefined ? [] : [job.previous]);
    const boot = this.#switchedOn.get(job.to);
    if (boot !== undefined) needed.add(boot);
    for (const { resource, room } of this.#claims) {
      for (const giver of room.claim(job.to, this.#snapshot.vms.demand[resource]![job.vm]!)) needed.add(giver);
    }
    for (const key of this.#locations(job, job.to)) {
      for (const left of this.#leftLocation.get(key) ?? []) if (left.vm !== job.vm) needed.add(left);
      this.#leftLocation.delete(key);
    }
    return [...needed];
  }

  moveEnds(job: MoveJob): void {
    for (const { resource, room } of this.#claims) {
      room.offer(job.from, this.#snapshot.vms.demand[resource]![job.vm]!, job.own ? job : undefined);
    }
    if (!job.own) return;
    addTo(this.#leftHost, job.from, job);
    for (const key of this.#locations(job, job.from)) addTo(this.#leftLocation, key, job);
  }

  /** Switching on waits for nothing, switching off for everyone who had to leave. */
  switchStarts({ change, host }: SwitchJob): Job[] {
    return change.to === 'on' ? [] : [...(this.#leftHost.get(host) ?? [])];
  }

  switchEnds(job: SwitchJob): void {
    if (job.own && job.change.to === 'on') this.#switchedOn.set(job.host, job);
  }

  *#locations({ vm, from, to }: MoveJob, host: number): Iterable<string> {
    for (const { rule, locationOf } of this.#occupancy.separation.groupsOf(vm)) {
      if (locationOf(from) !== locationOf(to)) yield `${rule.id} ${locationOf(host)}`;
    }
  }
}

function addTo<K>(lists: Map<K, MoveJob[]>, key: K, job: MoveJob): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [job]);
  else list.push(job);
}
