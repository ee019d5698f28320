import type { Refusal, Violation } from '../domain/rule.ts';
import { bestTarget } from './best-move.ts';
import type { Situation } from './situation.ts';

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
  for (const violation of situation.judge.violations()) tellWhyNot(situation, violation);
}

/** Moves VMs until the violation is gone; true if anything moved. */
function repairOne(situation: Situation, violation: Violation): boolean {
  const { draft, judge, book } = situation;
  const { vms, hosts } = draft.snapshot;
  const host = hosts.index.get(violation.host)!;
  let moved = false;
  for (const id of smallestFirst(situation, violation)) {
    const vm = vms.index.get(id)!;
    if (draft.hostOf[vm] !== host || judge.staysBecause(vm, true) !== undefined || !book.hasRoomFor(1)) continue;
    const best = bestTarget(situation, vm, situation.targets.candidates(vm, 'emptiest'));
    if (best === undefined) continue;
    const trial = situation.trial();
    trial.move(vm, best.to);
    const onceCost = situation.once.ofMove(vm, host, best.to);
    situation.accept(trial, onceCost, { phase: 'repair', policy: 'core', because: violation.because });
    moved = true;
    if (!stillBroken(situation, violation)) break;
  }
  return moved;
}

/** Least memory first: the cheapest to move. All VMs of the violation are tried that are on its host. */
function smallestFirst({ draft }: Situation, violation: Violation): readonly string[] {
  const { vms } = draft.snapshot;
  const memory = (id: string) => vms.memoryActiveBytes[vms.index.get(id)!]!;
  return [...violation.vms].sort((a, b) => memory(a) - memory(b) || (a < b ? -1 : 1));
}

function stillBroken({ judge }: Situation, violation: Violation): boolean {
  return judge.violations().some(({ rule, host }) => rule === violation.rule && host === violation.host);
}

function tellWhyNot(situation: Situation, violation: Violation): void {
  const motive = { phase: 'repair', policy: 'core', because: violation.because } as const;
  situation.book.refuse([], 0, 0, motive, whyNot(situation, violation));
}

/** The commonest reason why none of the VMs can go anywhere. */
function whyNot({ draft, judge, targets }: Situation, violation: Violation): Refusal {
  const { vms } = draft.snapshot;
  const vm = vms.index.get(violation.vms[0]!)!;
  const stays = judge.staysBecause(vm, true);
  if (stays !== undefined) return stays;
  const byRule = new Map<string, { count: number; example: string }>();
  for (const host of targets.all) {
    if (host === draft.hostOf[vm]) continue;
    const refusal = judge.refusal(vm, host);
    if (refusal === undefined) continue;
    const known = byRule.get(refusal.rule) ?? { count: 0, example: refusal.because };
    byRule.set(refusal.rule, { ...known, count: known.count + 1 });
  }
  const [rule, reason] = [...byRule].sort((a, b) => b[1].count - a[1].count)[0] ?? ['targets', undefined];
  const others = reason === undefined || reason.count === 1 ? '' : ` (and ${reason.count - 1} more hosts alike)`;
  const because = reason === undefined ? 'there is no other host' : `${reason.example}${others}`;
  return { rule, because: `${vms.ids[vm]} can go nowhere: ${because}` };
}
