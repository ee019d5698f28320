import type { Change, Move, PowerSwitch } from '../domain/change.ts';
import type { Decision } from '../domain/decision.ts';
import { BOOTING, EMPTYING, OFF, ON, POWER_STATES, SHUTTING_DOWN } from '../domain/power.ts';
import type { Refusal } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { DecideInput } from './input.ts';
import { withoutFaulty } from './policy-fault.ts';
import { Situation } from './situation.ts';

/** Who is named as having asked for what persons order. */
export const OPERATOR = 'operator';

export interface Order {
  readonly change: Change;
  readonly because: string;
  /** It gives back what another order took: nothing that has changed since may stand in its way. */
  readonly isReturn?: boolean;
}

export interface Ordered {
  /** One for each order, in their order, with its verdict. */
  readonly decisions: readonly Decision[];
  /** The same situation with what was accepted as good as done, for whoever decides about the rest. */
  readonly input: DecideInput;
}

/**
 * What persons ask for, judged by the rules that hold for everybody. It need not pay, and what only keeps automatic
 * changes from following each other too fast does not hold it up. A policy that fails stands in nobody's way.
 */
export function decideOrders(input: DecideInput, orders: readonly Order[]): Ordered {
  const { result } = withoutFaulty(input.policies, (policies) => judgeOrders({ ...input, policies }, orders));
  return { ...result, input: { ...result.input, policies: input.policies } };
}

function judgeOrders(input: DecideInput, orders: readonly Order[]): Ordered {
  const situation = new Situation(input);
  for (const { change, because, isReturn = false } of orders) {
    const motive = { phase: 'repair', policy: OPERATOR, because } as const;
    const isAllowed = change.kind === 'move' || isReturn || input.power;
    const refusal = isAllowed ? tryOrder(situation, change, motive) : NOT_SWITCHED;
    if (refusal !== undefined) situation.book.refuse([change], 0, 0, motive, refusal);
  }
  const { version } = input.snapshot;
  const decisions = situation.book.decisions.map((decision, n) => ({ ...decision, id: `o${version}-${n + 1}` }));
  return { decisions, input: { ...input, snapshot: asOrdered(situation) } };
}

type Motive = Parameters<Situation['accept']>[1];

const NOT_SWITCHED: Refusal = { rule: 'power', because: 'hosts may not be switched on or off (power: false)' };

function tryOrder(situation: Situation, change: Change, motive: Motive): Refusal | undefined {
  return change.kind === 'move' ? tryMove(situation, change, motive) : trySwitch(situation, change, motive);
}

function tryMove(situation: Situation, { vm: vmId, to: hostId }: Move, motive: Motive): Refusal | undefined {
  const { draft, judge } = situation;
  const { vms, hosts } = draft.snapshot;
  const vm = vms.index.get(vmId);
  const to = hosts.index.get(hostId);
  if (vm === undefined) return { rule: 'existence', because: `there is no VM ${vmId}` };
  if (to === undefined) return { rule: 'existence', because: `there is no host ${hostId}` };
  const from = draft.hostOf[vm]!;
  if (from === to) return { rule: 'existence', because: `${vmId} is on ${hostId} already` };
  const refusal = judge.staysBecause(vm, true) ?? judge.refusal(vm, to);
  if (refusal !== undefined) return refusal;
  const trial = situation.trial();
  trial.move(vm, to);
  situation.accept(trial, motive);
  return undefined;
}

function trySwitch(situation: Situation, { host: id, to }: PowerSwitch, motive: Motive): Refusal | undefined {
  const { draft } = situation;
  const host = draft.snapshot.hosts.index.get(id);
  if (host === undefined) return { rule: 'existence', because: `there is no host ${id}` };
  const power = draft.power[host]!;
  const allowed: readonly number[] = to === 'on' ? [OFF] : [ON, EMPTYING];
  if (!allowed.includes(power)) return { rule: 'power', because: `${id} is ${POWER_STATES[power]}${remedy(power)}` };
  const refusal = to === 'off' ? keepsOn(situation, host) : undefined;
  if (refusal !== undefined) return refusal;
  const trial = situation.trial();
  trial.switch(host, to, to === 'on' ? BOOTING : OFF);
  situation.accept(trial, motive);
  return undefined;
}

function remedy(power: number): string {
  if (POWER_STATES[power] === 'suspect') return '; have it looked after, then `drover clear` it';
  return power === BOOTING || power === SHUTTING_DOWN ? '; wait for that' : ' already';
}

/** Why the host cannot be switched off as it stands, for a person who wants that. */
export function keepsOn(
  { draft, judge, reserve }: Pick<Situation, 'draft' | 'judge' | 'reserve'>,
  host: number,
): Refusal | undefined {
  const { ids } = draft.snapshot.hosts;
  const guests = draft.vmCount[host]!;
  if (guests > 0) {
    const many = guests === 1 ? 'a VM runs' : `${guests} VMs run`;
    return { rule: 'open-host', because: `${many} on ${ids[host]}; \`drover drain ${ids[host]}\` empties it` };
  }
  const refusal = judge.staysOnBecause(host);
  if (refusal !== undefined && refusal.rule !== 'minimum-on') return refusal;
  return reserve.refusal(host);
}

/** VMs that were ordered about rest where they were ordered to, and nobody wakes a host in the cycle that puts it to sleep. */
function asOrdered({ draft }: Situation): Snapshot {
  const { snapshot } = draft;
  const moved = new Set(draft.movedVms());
  const asleep = new Set(draft.hostsSwitched(OFF));
  const { hosts, vms, atMs } = snapshot;
  return {
    ...snapshot,
    hosts: {
      ...hosts,
      power: Uint8Array.from(hosts.ids, (_, host) => draft.power[host]!),
      mayBeWoken: Uint8Array.from(hosts.ids, (_, host) => (asleep.has(host) ? 0 : hosts.mayBeWoken[host]!)),
    },
    vms: {
      ...vms,
      host: Int32Array.from(vms.ids, (_, vm) => (moved.has(vm) ? draft.hostOf[vm]! : vms.host[vm]!)),
      lastMoveAtMs: Float64Array.from(vms.ids, (_, vm) => (moved.has(vm) ? atMs : vms.lastMoveAtMs[vm]!)),
    },
  };
}
