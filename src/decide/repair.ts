import { BOOTING, OFF, ON } from '../domain/power.ts';
import { countRefusals } from '../domain/refusals.ts';
import type { Refusal, Violation } from '../domain/rule.ts';
import { bestTarget } from './best-move.ts';
import { gather, tooLargeToGather } from './gather.ts';
import { makeWay, placesToClear } from './make-way.ts';
import { rotate } from './rotate.ts';
import type { Situation } from './situation.ts';
import { sleepsOnBecause } from './sleep.ts';

/** Violations are repaired whatever it costs, as cheaply as can be. */
export function repair(situation: Situation): void {
  const { capacity } = situation.judge;
  // Each pass repairs what it can; a repair may make room for another.
  for (let pass = 0; pass < 3; pass++) {
    const broken = situation.judge.violations();
    if (broken.length === 0) return;
    capacity.forRepair = pass > 0;
    const repaired = broken.filter((violation) => repairOne(situation, violation));
    capacity.forRepair = false;
    if (repaired.length === 0 && pass > 0) break;
  }
  capacity.forRepair = true;
  rotate(situation, situation.judge.violations());
  for (const violation of situation.judge.violations()) tellWhyNot(situation, violation);
  capacity.forRepair = false;
}

/** True if anything was done about it. */
function repairOne(situation: Situation, violation: Violation): boolean {
  if (violation.rule === 'failover') return wakeForFailover(situation, violation);
  if (violation.rule === 'affinity') return bringTogether(situation, violation);
  return sendAway(situation, violation) || wakeForOne(situation, violation);
}

/** Where nobody can go anywhere, a host is sent for that one of them may go to; one at a time. */
function wakeForOne(situation: Situation, violation: Violation): boolean {
  const { draft, judge, book, targets, input } = situation;
  if (!input.power || !book.hasRoomFor(1) || !judge.capacity.forRepair) return false;
  const movable = smallestFirst(situation, violation)
    .map((id) => draft.snapshot.vms.index.get(id)!)
    .filter((vm) => judge.staysBecause(vm, true) === undefined);
  const isWayOut = (host: number) => {
    const mark = draft.mark();
    draft.setPower(host, ON);
    const isOne = movable.some((vm) => judge.permits(vm, host) && judge.helps(violation.rule, vm, host));
    draft.undo(mark);
    return isOne;
  };
  if (targets.all.some((host) => draft.power[host] === BOOTING && isWayOut(host))) return false;
  const host = targets.all.find((each) => mayBeSentFor(situation, each) && isWayOut(each));
  if (host === undefined) return false;
  const trial = situation.trial();
  trial.switch(host, 'on', BOOTING);
  situation.accept(trial, { phase: 'repair', policy: 'core', because: violation.because });
  return true;
}

function mayBeSentFor({ draft, input }: Situation, host: number): boolean {
  const { known, maintenance } = draft.snapshot.hosts;
  if (draft.power[host] !== OFF || known[host] !== 1 || maintenance[host] === 1) return false;
  return sleepsOnBecause(draft.snapshot, input.profile, host) === undefined;
}

/** Moves VMs off the host until the violation is gone. */
function sendAway(situation: Situation, violation: Violation): boolean {
  const { draft, judge, book } = situation;
  const { vms, hosts } = draft.snapshot;
  const host = hosts.index.get(violation.host)!;
  let moved = false;
  for (const id of smallestFirst(situation, violation)) {
    const vm = vms.index.get(id)!;
    if (draft.hostOf[vm] !== host || judge.staysBecause(vm, true) !== undefined || !book.hasRoomFor(1)) continue;
    if (!sendOneAway(situation, violation, vm)) continue;
    moved = true;
    if (!isBroken(situation, violation)) break;
  }
  return moved;
}

/** Alone, or with all others that it belongs together with. */
function sendOneAway(situation: Situation, { rule, because }: Violation, vm: number): boolean {
  const { draft, judge, targets, book } = situation;
  const host = draft.hostOf[vm]!;
  const helpful = targets.candidates(vm, 'emptiest').filter((to) => judge.helps(rule, vm, to));
  const best = bestTarget(situation, vm, helpful);
  if (best === undefined) {
    const bundles = judge.affinity?.bundlesOf(vm) ?? [];
    if (bundles.some((bundle) => gather(situation, bundle, because, host))) return true;
    const places = placesToClear(situation).filter((to) => judge.helps(rule, vm, to));
    const trial = book.hasRoomFor(2) ? makeWay(situation, vm, places) : undefined;
    if (trial !== undefined) situation.accept(trial, { phase: 'repair', policy: 'core', because });
    return trial !== undefined;
  }
  const trial = situation.trial();
  trial.move(vm, best.to);
  situation.accept(trial, { phase: 'repair', policy: 'core', because });
  return true;
}

function bringTogether(situation: Situation, { vms, because }: Violation): boolean {
  const broken = situation.judge.affinity?.broken() ?? [];
  const { ids } = situation.draft.snapshot.vms;
  const bundle = broken.find(({ members }) => members.every((vm) => vms.includes(ids[vm]!)));
  return bundle !== undefined && gather(situation, bundle, because);
}

/** Hosts are sent for until any may fail again: each time the one that helps most. */
function wakeForFailover(situation: Situation, { because }: Violation): boolean {
  const { judge, book, input } = situation;
  let woken = false;
  for (const failover of judge.failovers) {
    while (input.power && failover.margin <= 0 && book.hasRoomFor(1)) {
      const host = mostHelpful(situation, () => failover.margin);
      if (host === undefined) break;
      const trial = situation.trial();
      trial.switch(host, 'on', BOOTING);
      situation.accept(trial, { phase: 'repair', policy: 'core', because });
      woken = true;
    }
  }
  return woken;
}

/** The host whose waking raises the margin most; undefined where none does. */
function mostHelpful(situation: Situation, margin: () => number): number | undefined {
  const { draft, targets } = situation;
  let most = margin();
  let best: number | undefined;
  for (const host of targets.all) {
    if (!mayBeSentFor(situation, host)) continue;
    const mark = draft.mark();
    draft.setPower(host, BOOTING);
    if (margin() > most) {
      most = margin();
      best = host;
    }
    draft.undo(mark);
  }
  return best;
}

/** Least memory first: the cheapest to move. All VMs of the violation are tried that are on its host. */
function smallestFirst({ draft }: Situation, violation: Violation): readonly string[] {
  const { vms } = draft.snapshot;
  const memory = (id: string) => vms.memoryActiveBytes[vms.index.get(id)!]!;
  return [...violation.vms].sort((a, b) => memory(a) - memory(b) || (a < b ? -1 : 1));
}

/** Whether anything is left of it: the same rule, on the same host, about none but the same VMs. */
function isBroken({ judge }: Situation, { rule, host, vms }: Violation): boolean {
  return judge.violations(rule).some((other) => other.host === host && other.vms.every((vm) => vms.includes(vm)));
}

function tellWhyNot(situation: Situation, violation: Violation): void {
  const motive = { phase: 'repair', policy: 'core', because: violation.because } as const;
  situation.book.refuse([], 0, 0, motive, whyNot(situation, violation));
}

/** The commonest reason why the first of the VMs can go nowhere. */
function whyNot(situation: Situation, violation: Violation): Refusal {
  const tooLarge = violation.rule === 'affinity' ? tooLargeToGather(situation, violation) : undefined;
  return tooLarge ?? whyNobodyLeaves(situation, violation);
}

function whyNobodyLeaves({ draft, judge, targets }: Situation, violation: Violation): Refusal {
  const { vms } = draft.snapshot;
  const vm = vms.index.get(violation.vms[0] ?? '');
  if (vm === undefined) return refusalOf(violation);
  const stays = judge.staysBecause(vm, true);
  if (stays !== undefined) return stays;
  const elsewhere = targets.all.filter((host) => host !== draft.hostOf[vm]);
  const [commonest] = countRefusals(elsewhere.flatMap((host) => judge.refusal(vm, host) ?? []));
  if (commonest === undefined)
    return { rule: 'targets', because: `${vms.ids[vm]} can go nowhere: there is no other host` };
  const others = commonest.count === 1 ? '' : ` (and ${commonest.count - 1} more hosts alike)`;
  return { ...refusalOf(commonest), because: `${vms.ids[vm]} can go nowhere: ${commonest.because}${others}` };
}

const refusalOf = ({ rule, because, remedy }: Refusal): Refusal => ({
  rule,
  because,
  ...(remedy === undefined ? {} : { remedy }),
});
