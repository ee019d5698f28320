import type { Rule } from './detectors.ts';
import { HOST_COUNT, hostKind, type VmKind, wattsAt } from './model.ts';
import type { World } from './world.ts';

/** A host while VMs are placed for the first time, by what they are sold with. */
interface Room {
  freeMips: number;
  freeMb: number;
}

/** The first host with room, as the policies do that never migrate. */
export function placeFirstFit(world: World): void {
  placeAll(world, (fits) => fits.next().value ?? undefined);
}

/** The host where it is expected to add least watts; nothing runs anywhere yet. */
export function placeByPower(world: World, rule: Rule): void {
  placeAll(world, (fits, kind, rooms) => {
    let best: number | undefined;
    let least = Number.MAX_VALUE;
    for (const host of fits) {
      const { mips } = hostKind(host);
      const busyMips = rule === '3.0' ? 0 : mips - rooms[host]!.freeMips;
      const watts = wattsAt(hostKind(host), (busyMips + kind.mips) / mips) - wattsAt(hostKind(host), 0);
      if (watts >= least) continue;
      best = host;
      least = watts;
    }
    return best;
  });
}

type Choose = (fits: Generator<number, undefined>, kind: VmKind, rooms: readonly Room[]) => number | undefined;

function placeAll(world: World, choose: Choose): void {
  const rooms = Array.from({ length: HOST_COUNT }, (_, host): Room => {
    return { freeMips: hostKind(host).mips, freeMb: world.setting.memoryMb };
  });
  for (let vm = 0; vm < world.vmCount; vm++) {
    const kind = world.kindOf(vm);
    const host = choose(fitting(rooms, kind), kind, rooms);
    if (host === undefined) throw new Error(`VM ${vm} of ${world.vmCount} has no place at the start`);
    rooms[host]!.freeMips -= kind.mips;
    rooms[host]!.freeMb -= kind.memoryMb;
    world.place(vm, host);
  }
}

function* fitting(rooms: readonly Room[], { mips, memoryMb }: VmKind): Generator<number, undefined> {
  for (let host = 0; host < HOST_COUNT; host++) {
    const room = rooms[host]!;
    if (hostKind(host).coreMips >= mips && room.freeMips >= mips && room.freeMb >= memoryMb) yield host;
  }
  return undefined;
}
