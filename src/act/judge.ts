import type { Change, Move, PowerSwitch } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import { BOOTING, EMPTYING, OFF, ON, SHUTTING_DOWN, SUSPECT } from '../domain/power.ts';
import type { DatacenterNow } from './datacenter-now.ts';
import type { How } from './tokens.ts';

/** Whether a step may start now, must wait, or is over before it began. */
export type Judgement =
  | { readonly kind: 'start' }
  | { readonly kind: 'wait'; readonly because: string; readonly lacks?: 'tokens' }
  | { readonly kind: 'end'; readonly state: 'overtaken' | 'failed'; readonly because: string };

/** What is known beside where things are. */
export interface Circumstances {
  readonly now: DatacenterNow;
  readonly isSuspect: (host: HostId) => boolean;
  /** Hosts with a power switch under way. */
  readonly isSwitching: (host: HostId) => boolean;
}

const START: Judgement = { kind: 'start' };
const wait = (because: string): Judgement => ({ kind: 'wait', because });
const overtaken = (because: string): Judgement => ({ kind: 'end', state: 'overtaken', because });
const refused = (because: string): Judgement => ({ kind: 'end', state: 'failed', because });

export function judge(change: Change, circumstances: Circumstances, how: How): Judgement {
  return change.kind === 'move' ? judgeMove(change, circumstances, how) : judgeSwitch(change, circumstances);
}

function judgeMove(move: Move, circumstances: Circumstances, how: How): Judgement {
  const { snapshot, occupancy } = circumstances.now;
  if (snapshot === undefined || occupancy === undefined) return wait('waits for a first snapshot');
  const vm = snapshot.vms.index.get(move.vm);
  if (vm === undefined) return overtaken(`${move.vm} is gone`);
  const headedTo = occupancy.headedTo(vm);
  if (headedTo !== undefined) return wait(`waits for ${move.vm}: it is in flight to ${snapshot.hosts.ids[headedTo]}`);
  const place = snapshot.hosts.ids[occupancy.placeOf(vm)]!;
  if (place === move.to) return overtaken(`${move.vm} is on ${move.to} already`);
  if (place !== move.from) return overtaken(`${move.vm} is on ${place} and no longer on ${move.from}`);
  const ends = judgeEnds(move, circumstances);
  // A guest that is to be saved finds its room later: whoever resumes it waits for that.
  return ends ?? (how === 'quick' ? START : judgeRoom(vm, move, circumstances));
}

function judgeEnds({ from, to }: Move, { now, isSuspect, isSwitching }: Circumstances): Judgement | undefined {
  for (const host of [from, to]) {
    if (isSuspect(host)) return refused(`${host} is suspect`);
    if (now.powerOf(host) === undefined) return refused(`${host} is gone`);
    if (isSwitching(host)) return wait(`waits for ${host}: it is being switched`);
  }
  const power = now.powerOf(from);
  if (power !== ON && power !== EMPTYING) return wait(`waits for ${from}: it is ${now.powerWords(from)}`);
  if (now.isInMaintenance(to)) return overtaken(`${to} takes nobody in: it is under maintenance`);
  if (now.powerOf(to) !== ON) return wait(`waits for ${to}: it is ${now.powerWords(to)}`);
  if (!now.isKnown(to)) return wait(`waits for ${to}: ${now.doubtOf(to)}`);
  return undefined;
}

function judgeRoom(vm: number, { to }: Move, { now }: Circumstances): Judgement {
  const target = now.snapshot?.hosts.index.get(to);
  const refusal = target === undefined ? undefined : now.occupancy?.refusal(vm, target);
  return refusal === undefined ? START : wait(`waits for ${to}: ${refusal}`);
}

function judgeSwitch(change: PowerSwitch, { now, isSuspect, isSwitching }: Circumstances): Judgement {
  const { host, to } = change;
  const power = now.powerOf(host);
  if (now.snapshot === undefined) return wait('waits for a first snapshot');
  if (power === undefined) return overtaken(`${host} is gone`);
  if (power === (to === 'on' ? ON : OFF)) return overtaken(`${host} is ${to} already`);
  if (isSuspect(host) || power === SUSPECT) return refused(`${host} is suspect`);
  if (isSwitching(host) || power === BOOTING || power === SHUTTING_DOWN) {
    return wait(`waits for ${host}: it is ${now.powerWords(host)}`);
  }
  if (to === 'off' && (power === ON || power === EMPTYING)) return judgeEmpty(host, now);
  return START;
}

function judgeEmpty(host: HostId, now: DatacenterNow): Judgement {
  const { snapshot, occupancy } = now;
  const index = snapshot?.hosts.index.get(host);
  if (snapshot === undefined || occupancy === undefined || index === undefined) return wait(`waits to see ${host}`);
  if (!now.isKnown(host)) return refused(`not switched off: ${now.doubtOf(host)}`);
  if (occupancy.guests(index) === 0) return START;
  const onIt = snapshot.vms.ids.flatMap((id, vm) =>
    occupancy.placeOf(vm) === index || occupancy.headedTo(vm) === index ? [{ id, vm }] : [],
  );
  const staying = onIt.find(({ vm }) => occupancy.headedTo(vm) === undefined);
  if (staying !== undefined) return refused(`${staying.id} still runs on ${host}, so it is not switched off`);
  return wait(`waits for ${host}: ${onIt[0]?.id} is still in flight`);
}
