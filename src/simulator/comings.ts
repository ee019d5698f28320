import { MINUTE } from '../domain/units.ts';
import type { Agenda } from './agenda.ts';
import type { Fleet } from './fleet.ts';
import type { Migrations } from './migrations.ts';

/** A VM that is not there all the time: when it comes, to which host if there is room, or when it goes. */
export type Coming =
  | { readonly kind: 'appears'; readonly vm: string; readonly atMs: number; readonly host: string }
  | { readonly kind: 'goes'; readonly vm: string; readonly atMs: number };

/** Who finds no room, or is being copied, is tried again so much later. */
const AGAIN_AFTER_MS = MINUTE;

/** VMs whose first entry is that they appear: at the start they are not there. */
export function absentAtFirst(comings: readonly Coming[]): ReadonlySet<string> {
  const first = new Map<string, Coming>();
  for (const coming of comings) {
    const known = first.get(coming.vm);
    if (known === undefined || coming.atMs < known.atMs) first.set(coming.vm, coming);
  }
  return new Set([...first.values()].filter(({ kind }) => kind === 'appears').map(({ vm }) => vm));
}

/** Lets VMs come and go when their time has come, as whoever starts and stops VMs in a datacenter does. */
export class Comings {
  readonly #fleet: Fleet;
  readonly #migrations: Migrations;
  readonly #agenda: Agenda;

  constructor(fleet: Fleet, migrations: Migrations, agenda: Agenda) {
    this.#fleet = fleet;
    this.#migrations = migrations;
    this.#agenda = agenda;
  }

  enter(comings: readonly Coming[]): void {
    const { nowMs } = this.#agenda;
    for (const coming of comings) {
      if (coming.atMs > nowMs) this.#agenda.enter(coming.atMs - nowMs, () => this.#happen(coming));
    }
  }

  #happen(coming: Coming): void {
    const vm = this.#fleet.vmIndex.get(coming.vm);
    if (vm === undefined) return;
    const isThere = this.#fleet.isAbsent[vm] === 0;
    if (isThere !== (coming.kind === 'goes')) return;
    if (coming.kind === 'appears' ? this.#appears(vm, coming.host) : this.#goes(vm)) return;
    this.#agenda.enter(AGAIN_AFTER_MS, () => this.#happen(coming));
  }

  /** Where it was recorded, or else where most memory is free; false where there is no room. */
  #appears(vm: number, wanted: string): boolean {
    const fleet = this.#fleet;
    const { memoryBytes } = fleet.vms[vm]!.demand;
    const room = (host: number) =>
      fleet.isOn(host) ? fleet.hosts[host]!.capacity.memoryBytes - fleet.heldMemoryBytes[host]! : -1;
    let best = fleet.hostIndex.get(wanted) ?? 0;
    if (room(best) < memoryBytes) for (const host of fleet.hosts.keys()) if (room(host) > room(best)) best = host;
    if (room(best) < memoryBytes) return false;
    fleet.appear(vm, best, this.#agenda.nowMs);
    return true;
  }

  #goes(vm: number): boolean {
    if (this.#migrations.isMoving(vm)) return false;
    this.#fleet.vanish(vm, this.#agenda.nowMs);
    return true;
  }
}
