import type { Move, PowerSwitch } from '../domain/change.ts';
import type { Decision, Phase } from '../domain/decision.ts';
import { PHASES } from '../domain/decision.ts';
import type { HostId } from '../domain/host.ts';
import type { Impossible } from '../domain/plan.ts';
import { BOOTING, EMPTYING, OFF, ON, POWER_STATES, SHUTTING_DOWN } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { VmId } from '../domain/vm.ts';
import type { Wanted } from './jobs.ts';

/** What a set of decisions comes to: one target per VM and one power state per host. */
export interface NetChanges {
  readonly moves: readonly Wanted<Move>[];
  readonly switches: readonly Wanted<PowerSwitch>[];
}

/** The last word on each VM and host counts; what is already so is left out. The most urgent who asked gives the phase. */
export function netChanges(snapshot: Snapshot, decisions: readonly Decision[]): NetChanges {
  const landing = new Map(snapshot.flights.map(({ vm, to }) => [vm, to]));
  const moves = new Map<string, Wanted<Move>>();
  const switches = new Map<string, Wanted<PowerSwitch>>();
  for (const { id: decision, phase, changes } of decisions) {
    for (const change of changes) {
      if (change.kind === 'move') {
        const before = moves.get(change.vm);
        const from = landing.get(change.vm) ?? placeOf(snapshot, change.vm) ?? change.from;
        moves.set(change.vm, { decision, phase: urgent(phase, before?.phase), change: { ...change, from } });
      } else {
        const before = switches.get(change.host);
        switches.set(change.host, { decision, phase: urgent(phase, before?.phase), change });
      }
    }
  }
  return {
    moves: [...moves.values()].filter(({ change }) => change.from !== change.to),
    switches: [...switches.values()].filter(({ change }) => !isAlready(snapshot, change)),
  };
}

/** What no order of steps can make possible. */
export function hopeless(snapshot: Snapshot, { moves, switches }: NetChanges): Impossible[] {
  const comingOn = new Set(switches.filter(({ change }) => change.to === 'on').map(({ change }) => change.host));
  const inFlight = new Map(snapshot.flights.map((flight) => [flight.vm, flight.to]));
  const found: Impossible[] = [];
  for (const { decision, change } of moves) {
    const because = moveRefusal(snapshot, change, comingOn, inFlight);
    if (because !== undefined) found.push({ decision, change, because });
  }
  for (const { decision, change } of switches) {
    const because = switchRefusal(snapshot, change);
    if (because !== undefined) found.push({ decision, change, because });
  }
  return found;
}

function placeOf({ hosts, vms }: Snapshot, id: VmId): HostId | undefined {
  const vm = vms.index.get(id);
  return vm === undefined ? undefined : hosts.ids[vms.host[vm]!];
}

function urgent(phase: Phase, other: Phase = phase): Phase {
  return PHASES.indexOf(other) < PHASES.indexOf(phase) ? other : phase;
}

function isAlready({ hosts }: Snapshot, { host, to }: PowerSwitch): boolean {
  const index = hosts.index.get(host);
  if (index === undefined) return false;
  const power = hosts.power[index];
  return to === 'on' ? power === ON || power === BOOTING : power === OFF || power === SHUTTING_DOWN;
}

function moveRefusal(
  { hosts, vms }: Snapshot,
  { vm, from, to }: Move,
  comingOn: ReadonlySet<string>,
  inFlight: ReadonlyMap<string, string>,
): string | undefined {
  const source = hosts.index.get(from);
  const target = hosts.index.get(to);
  if (!vms.index.has(vm)) return `there is no VM ${vm}`;
  if (source === undefined || target === undefined) return `there is no host ${source === undefined ? from : to}`;
  if (inFlight.has(vm)) return `${vm} is already in flight to ${inFlight.get(vm)}`;
  const sending = hosts.power[source];
  if (sending !== ON && sending !== EMPTYING) return `${from} is ${POWER_STATES[sending!]}, so nothing can leave it`;
  const cutOff = [source, target].find((host) => !(hosts.migrationBytesPerS[host]! > 0));
  if (cutOff !== undefined) return `${hosts.ids[cutOff]} has no migration network`;
  const receiving = hosts.power[target];
  if (receiving === ON || receiving === BOOTING || comingOn.has(to)) return undefined;
  return `${to} is ${POWER_STATES[receiving!]} and nothing switches it on`;
}

function switchRefusal({ hosts }: Snapshot, { host, to }: PowerSwitch): string | undefined {
  const index = hosts.index.get(host);
  if (index === undefined) return `there is no host ${host}`;
  const power = hosts.power[index]!;
  if (to === 'on' && power === OFF) return undefined;
  if (to === 'off' && (power === ON || power === EMPTYING)) return undefined;
  return `${host} is ${POWER_STATES[power]} and cannot be switched ${to} from there`;
}
