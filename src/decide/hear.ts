import { hostDoubtWords } from '../domain/doubt.ts';
import { OFF, ON, POWER_STATES } from '../domain/power.ts';
import type { Refusal } from '../domain/rule.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import type { Proposal, Wish } from '../sdk/fleet.ts';
import { Fleet } from '../sdk/fleet.ts';
import { emptyOut } from './empty-out.ts';
import { PolicyFault } from './policy-fault.ts';
import type { Situation } from './situation.ts';
import { sleepsOnBecause } from './sleep.ts';
import type { Trial } from './trial.ts';

/** A policy that proposes without end is stopped here. */
const MOST_PROPOSALS = 10_000;

/** Hears what a policy itself proposes; it learns each verdict before its next proposal. */
export function hear(situation: Situation, { policy, values }: LoadedPolicy): void {
  if (policy.propose === undefined) return;
  const proposals = policy.propose(new Fleet(situation.draft), values);
  try {
    let next = proposals.next();
    for (let count = 0; !next.done; count++) {
      if (count >= MOST_PROPOSALS) throw new Error(`it made more than ${MOST_PROPOSALS} proposals in one cycle`);
      mustExist(situation, next.value.wishes);
      const refusal = consider(situation, policy.id, next.value);
      next = proposals.next(refusal === undefined ? { accepted: true } : { accepted: false, ...refusal });
    }
  } catch (thrown) {
    throw new PolicyFault(policy.id, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function consider(situation: Situation, policy: string, { wishes, because }: Proposal): Refusal | undefined {
  const { book } = situation;
  const trial = situation.trial();
  const refusal = tryAll(situation, trial, wishes) ?? worthRefusal(situation, trial);
  if (refusal === undefined && book.hasRoomFor(trial.moves.length + trial.switches.length)) {
    situation.accept(trial, { phase: 'improve', policy, because });
    return undefined;
  }
  trial.undo();
  return refusal ?? { rule: 'limits', because: 'no more changes may be decided in this cycle' };
}

/** What does not exist can be neither moved nor switched: whoever proposes that cannot be relied on. */
function mustExist({ draft }: Situation, wishes: readonly Wish[]): void {
  const { hosts, vms } = draft.snapshot;
  const isOne = (index: number, { ids }: { readonly ids: readonly string[] }) => ids[index] !== undefined;
  for (const wish of wishes) {
    const host = wish.kind === 'move' ? wish.to : wish.host;
    if (!isOne(host, hosts)) throw new Error(`it proposed host ${host} of ${hosts.ids.length}`);
    if (wish.kind === 'move' && !isOne(wish.vm, vms)) throw new Error(`it proposed VM ${wish.vm} of ${vms.ids.length}`);
  }
}

function worthRefusal({ book }: Situation, trial: Trial): Refusal | undefined {
  if (book.pays(trial.saving(), trial.onceCost)) return undefined;
  return { rule: 'payback', because: 'it does not pay back within the horizon' };
}

/**
 * Carries the wishes out on the trial, or says which rule forbids that. Hosts are switched on first and off last, and
 * moves are judged when all are done: two VMs may change places where neither would fit beside the other.
 */
function tryAll(situation: Situation, trial: Trial, wishes: readonly Wish[]): Refusal | undefined {
  const { draft, judge } = situation;
  const places = placesBefore(situation, wishes);
  const stays = first(places.keys(), (vm) => judge.staysBecause(vm, false));
  const unpowered = first(wishes, (wish) => (wish.kind === 'power' ? powerRefusal(situation, wish) : undefined));
  if (stays !== undefined || unpowered !== undefined) return stays ?? unpowered;
  const before = judge.groupBreaches([...places.keys()]);
  for (const wish of wishes) {
    if (wish.kind === 'power' && wish.to === 'on') trial.switch(wish.host, 'on', ON);
    if (wish.kind === 'move' && draft.hostOf[wish.vm] !== wish.to) trial.move(wish.vm, wish.to);
  }
  const moved = Array.from(places, ([vm, from]) => ({ vm, from }));
  return (
    first(wishes, (wish) => (wish.kind === 'empty' ? emptyRefusal(situation, trial, wish.host) : undefined)) ??
    judge.groupRefusal(moved, before) ??
    first(wishes, (wish) =>
      wish.kind === 'power' && wish.to === 'off' ? switchOff(situation, trial, wish.host) : undefined,
    )
  );
}

/** Where all VMs that the wishes are about are now. */
function placesBefore({ draft }: Situation, wishes: readonly Wish[]): Map<number, number> {
  const vms = wishes.flatMap((wish) => {
    if (wish.kind === 'move') return [wish.vm];
    return wish.kind === 'empty' ? draft.vmsOn(wish.host) : [];
  });
  return new Map(vms.map((vm) => [vm, draft.hostOf[vm]!]));
}

function powerRefusal(
  { draft, input }: Situation,
  { host, to }: { host: number; to: 'on' | 'off' },
): Refusal | undefined {
  const { ids, known, maintenance } = draft.snapshot.hosts;
  if (!input.power) return { rule: 'power', because: 'hosts may not be switched on or off' };
  const state = draft.power[host]!;
  if (state !== (to === 'on' ? OFF : ON)) return { rule: 'power', because: `${ids[host]} is ${POWER_STATES[state]}` };
  if (to === 'on' && maintenance[host] === 1)
    return { rule: 'open-host', because: `${ids[host]} is under maintenance` };
  if (known[host] === 1) return to === 'on' ? sleepsOnBecause(draft.snapshot, input.profile, host) : undefined;
  return { rule: 'known', because: hostDoubtWords(draft.snapshot, host) };
}

function emptyRefusal(situation: Situation, trial: Trial, host: number): Refusal | undefined {
  const { draft, targets } = situation;
  if (emptyOut(situation, trial, host, targets.all)) return undefined;
  return { rule: 'capacity', because: `the VMs of ${draft.snapshot.hosts.ids[host]} do not all fit elsewhere` };
}

function switchOff(situation: Situation, trial: Trial, host: number): Refusal | undefined {
  const { draft, judge, reserve } = situation;
  const id = draft.snapshot.hosts.ids[host]!;
  const occupied = draft.vmCount[host] === 0 ? undefined : { rule: 'open-host', because: `${id} still has VMs` };
  const refusal = occupied ?? judge.staysOnBecause(host) ?? reserve.refusal(host);
  if (refusal === undefined) trial.switch(host, 'off', OFF);
  return refusal;
}

/** The first answer that is one. */
function first<T>(items: Iterable<T>, ask: (item: T) => Refusal | undefined): Refusal | undefined {
  for (const item of items) {
    const refusal = ask(item);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
