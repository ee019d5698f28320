import { OFF, ON } from '../domain/power.ts';
import type { Refusal } from '../domain/rule.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import type { Proposal, Wish } from '../sdk/fleet.ts';
import { Fleet } from '../sdk/fleet.ts';
import type { Situation } from './situation.ts';
import { PolicyFault } from './terms.ts';
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
  const tried = tryAll(situation, trial, wishes);
  if (typeof tried === 'number' && book.pays(trial.saving(), tried) && book.hasRoomFor(wishes.length)) {
    situation.accept(trial, tried, { phase: 'improve', policy, because });
    return undefined;
  }
  const refusal =
    typeof tried === 'number' ? { rule: 'payback', because: 'it does not pay back within the horizon' } : tried;
  trial.undo();
  return refusal;
}

/** Carries the wishes out on the trial; gives what they cost once, or the first refusal. */
function tryAll(situation: Situation, trial: Trial, wishes: readonly Wish[]): number | Refusal {
  const { draft, judge, once, reserve } = situation;
  let onceCost = 0;
  for (const wish of wishes) {
    if (wish.kind === 'move') {
      const from = draft.hostOf[wish.vm]!;
      const refusal = judge.staysBecause(wish.vm, false) ?? judge.refusal(wish.vm, wish.to);
      if (refusal !== undefined) return refusal;
      onceCost += once.ofMove(wish.vm, from, wish.to);
      trial.move(wish.vm, wish.to);
    } else if (!situation.input.power) {
      return { rule: 'power', because: 'hosts may not be switched on or off' };
    } else if (wish.to === 'on') {
      trial.switch(wish.host, 'on', ON);
    } else {
      const refusal = judge.staysOnBecause(wish.host) ?? reserve.refusal(wish.host) ?? notEmpty(situation, wish.host);
      if (refusal !== undefined) return refusal;
      onceCost += once.ofSwitchingOff(wish.host);
      trial.switch(wish.host, 'off', OFF);
    }
  }
  return onceCost;
}

function notEmpty({ draft }: Situation, host: number): Refusal | undefined {
  if (draft.vmCount[host] === 0) return undefined;
  return { rule: 'open-host', because: `${draft.snapshot.hosts.ids[host]} still has VMs` };
}
