import type { Column } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';
import type { VmColumns } from '../domain/snapshot.ts';
import { MINUTE } from '../domain/units.ts';
import type { DecideInput } from './input.ts';

/** A host whose load has changed by less than this share of its capacity is as it was. */
const NOTICEABLE = 0.02;
/** However little changes, everything is looked at again after this long: cool-downs end, forecasts move. */
const FULL_LOOK_EVERY_MS = 10 * MINUTE;
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * What a cycle of decisions leaves for the next: how each host stood when the search last looked at it and found nothing
 * more to do. Only hosts that have changed since need to be looked at.
 */
export interface Memory {
  readonly input: DecideInput;
  readonly fullLookAtMs: number;
  /** Per resource and host. */
  readonly used: readonly Column[];
  readonly power: Column;
  readonly hostOf: Column;
}

/** 1 for each host to be looked at; undefined where that is every host. */
export function hostsToLookAt(input: DecideInput, draft: Draft, memory: Memory | undefined): Uint8Array | undefined {
  if (memory === undefined || !isSameGame(input, memory)) return undefined;
  if (input.snapshot.atMs - memory.fullLookAtMs >= FULL_LOOK_EVERY_MS) return undefined;
  const { hosts } = input.snapshot;
  const { power } = draft;
  const before = memory.input.snapshot.hosts;
  const look = new Uint8Array(hosts.ids.length);
  for (let host = 0; host < look.length; host++) {
    const isOther =
      power[host] !== memory.power[host] ||
      hosts.known[host] !== before.known[host] ||
      hosts.maintenance[host] !== before.maintenance[host];
    if (isOther) look[host] = 1;
  }
  lookWhereLoadChanged(draft, memory, look);
  lookWhereVmsCameOrWent(input.snapshot.vms, draft, memory, look);
  return look;
}

function lookWhereVmsCameOrWent(vms: VmColumns, draft: Draft, { input, hostOf }: Memory, look: Uint8Array): void {
  const before = input.snapshot.vms;
  const now = draft.hostOf;
  const isSameList = vms.ids === before.ids;
  for (let vm = 0; vm < vms.ids.length; vm++) {
    const old = isSameList ? vm : before.index.get(vms.ids[vm]!);
    const is = now[vm]!;
    const was = old === undefined ? undefined : hostOf[old]!;
    if (was === is) continue;
    look[is] = 1;
    if (was !== undefined) look[was] = 1;
  }
  for (let old = 0; old < before.ids.length && !isSameList; old++) {
    if (!vms.index.has(before.ids[old]!)) look[hostOf[old]!] = 1;
  }
}

/**
 * The next memory: hosts that were looked at as they stand now, the others as they stood when that was last done. Where a
 * limit ended the search, nobody knows what is left to be done, and everything is to be looked at again.
 */
export function remember(
  input: DecideInput,
  draft: Draft,
  looked: Uint8Array | undefined,
  before: Memory | undefined,
  isComplete: boolean,
): Memory {
  const used = input.snapshot.hosts.capacity.map((_, r) => {
    const now = Float64Array.from(draft.used(r));
    if (looked === undefined || before === undefined) return now;
    for (let host = 0; host < now.length; host++) if (looked[host] === 0) now[host] = before.used[r]![host]!;
    return now;
  });
  const isFull = looked === undefined || before === undefined;
  return {
    input,
    fullLookAtMs: !isComplete ? NEVER : isFull ? input.snapshot.atMs : before.fullLookAtMs,
    used,
    power: Uint8Array.from(draft.power),
    hostOf: Int32Array.from(draft.hostOf),
  };
}

/** Same hosts, rules, policies and prices: what was at rest then is at rest now, but for changes of load. */
function isSameGame(input: DecideInput, { input: before }: Memory): boolean {
  const now = input.snapshot;
  const then = before.snapshot;
  return (
    now.hosts.ids === then.hosts.ids &&
    now.rules === then.rules &&
    now.traffic.flows === then.traffic.flows &&
    areSame(input.policies, before.policies) &&
    input.profile === before.profile &&
    input.prices === before.prices &&
    input.limits === before.limits &&
    input.power === before.power
  );
}

/** While a policy is skipped, the others are listed anew in each cycle. */
function areSame<T>(some: readonly T[], others: readonly T[]): boolean {
  return some.length === others.length && some.every((each, i) => each === others[i]);
}

function lookWhereLoadChanged(draft: Draft, memory: Memory, look: Uint8Array): void {
  draft.snapshot.hosts.capacity.forEach((capacity, r) => {
    const used = draft.used(r);
    const before = memory.used[r]!;
    for (let host = 0; host < look.length; host++) {
      if (Math.abs(used[host]! - before[host]!) > capacity[host]! * NOTICEABLE) look[host] = 1;
    }
  });
}
