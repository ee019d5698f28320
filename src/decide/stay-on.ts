import type { HostStaysOn } from '../domain/decision.ts';
import { OFF, ON } from '../domain/power.ts';
import { countRefusals } from '../domain/refusals.ts';
import type { Refusal } from '../domain/rule.ts';
import { MINUTE } from '../domain/units.ts';
import { moneyWords, spanWords } from '../domain/words.ts';
import { emptyOut } from './empty-out.ts';
import { easiestFirst } from './evacuate.ts';
import type { Situation } from './situation.ts';

/** Hosts that are told of, those that are emptied most easily first; in a large fleet to tell takes its time. */
const MOST_TOLD = 128;
const MOST_TOLD_IN_LARGE_FLEET = 16;

/** When the search has come to its end: why hosts that are on are not switched off as well. */
export function tellWhoStaysOn(situation: Situation): HostStaysOn[] {
  const { draft, targets, input } = situation;
  if (!input.power) return [];
  const most = targets.isModest ? MOST_TOLD : MOST_TOLD_IN_LARGE_FLEET;
  // Of a large fleet, to look at every VM would take longer than to decide.
  const hosts = targets.isModest ? targets.all : targets.emptiest(most);
  const on = easiestFirst(situation, hosts).filter((host) => costsToBeOn(situation, host));
  return on.slice(0, most).flatMap((host) => {
    const refusal = whyItStaysOn(situation, host);
    return refusal === undefined ? [] : [{ host: draft.snapshot.hosts.ids[host]!, refusal }];
  });
}

/** Where no policy minds that a host is on, nobody asks why it is. */
function costsToBeOn({ draft, costs }: Situation, host: number): boolean {
  const mark = draft.mark();
  draft.setPower(host, OFF);
  const off = costs.terms.hostCost(host);
  draft.undo(mark);
  return costs.hostCost(host) > off;
}

/** Undefined only where it could well be switched off. */
export function whyItStaysOn(situation: Situation, host: number): Refusal | undefined {
  const { draft, judge, reserve } = situation;
  if (draft.power[host] !== ON) return undefined;
  const refusal = judge.staysOnBecause(host) ?? reserve.refusal(host);
  if (refusal !== undefined) return refusal;
  for (const vm of draft.vmsOn(host)) {
    const stays = judge.staysBecause(vm, false);
    if (stays !== undefined) return stays;
  }
  return whyEmptyingFails(situation, host);
}

function whyEmptyingFails(situation: Situation, host: number): Refusal | undefined {
  const { draft, book, input } = situation;
  const id = draft.snapshot.hosts.ids[host]!;
  const trial = situation.trial();
  const { all, isSmall } = situation.targets;
  // A large fleet is searched through its index instead.
  const keepers = isSmall ? easiestFirst(situation, all).reverse() : all;
  const isEmpty = emptyOut(situation, trial, host, keepers) !== undefined;
  if (isEmpty) trial.switch(host, 'off', OFF);
  const saving = trial.saving();
  const { onceCost } = trial;
  trial.undo();
  if (!isEmpty) return whatIsStuck(situation, host);
  const money = (amount: number) => moneyWords(amount, input.prices.currency);
  if (!book.pays(saving, onceCost)) {
    const { horizonMinutes, margin } = input.profile;
    const price = `without ${id} the fleet would cost ${money(Math.abs(saving))}/h ${saving < 0 ? 'more' : 'less'}, and ${money(onceCost)} once`;
    const because = `${price}: that does not pay back ${margin} times over within ${spanWords(horizonMinutes * MINUTE)}`;
    return { rule: 'payback', because, remedy: 'a longer horizon, a smaller margin or cheaper migrations' };
  }
  return book.hasRoomFor(1) ? undefined : { rule: 'limits', because: 'no more changes may be decided in this cycle' };
}

/** A VM that no other host may take, or that they may take each of them and not all. */
function whatIsStuck({ draft, judge, targets }: Situation, host: number): Refusal {
  const { hosts, vms } = draft.snapshot;
  const elsewhere = targets.all.filter((other) => other !== host && judge.openHost.isOpen(other));
  for (const vm of targets.isModest ? draft.vmsOn(host) : []) {
    const refusals = elsewhere.flatMap((other) => judge.refusal(vm, other) ?? []);
    const [commonest] = countRefusals(refusals);
    if (commonest === undefined || refusals.length < elsewhere.length) continue;
    const { rule, because, count } = commonest;
    const others = count === 1 ? '' : ` (and ${count - 1} more hosts alike)`;
    return { rule, because: `${vms.ids[vm]} can go nowhere else: ${because}${others}` };
  }
  const because = `the other hosts that are on have no room for all VMs of ${hosts.ids[host]}`;
  return { rule: 'capacity', because, remedy: 'raise the ceilings, or wait for less load' };
}
