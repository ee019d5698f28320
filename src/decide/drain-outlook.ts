import type { Move } from '../domain/change.ts';
import type { Verdicts } from '../domain/decision.ts';
import { isAccepted } from '../domain/decision.ts';
import type { Plan } from '../domain/plan.ts';
import { countRefusals } from '../domain/refusals.ts';
import type { Refusal } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { succeed } from '../domain/snapshot.ts';
import { decide } from './decide.ts';
import type { DecideInput } from './input.ts';
import { withoutFaulty } from './policy-fault.ts';
import { Situation } from './situation.ts';
import { wakesFor } from './wakes-for.ts';

/** A VM that cannot leave its host. */
export interface Stuck {
  readonly vm: string;
  readonly host: string;
  /** What forbids most of the hosts to it, or the move itself. */
  readonly refusal: Refusal;
}

/** What would come of it if some hosts were put under maintenance now. */
export interface DrainOutlook {
  readonly hosts: readonly string[];
  /** Whether all VMs can leave them. */
  readonly isFeasible: boolean;
  readonly moves: readonly Move[];
  readonly stuck: readonly Stuck[];
  /** How long it takes until the last of those that can leave has left. */
  readonly makespanMs: number;
  /** Moves for which no order could be found. */
  readonly impossible: Plan['impossible'];
}

/** Puts decisions in order of time; the planner is not of this folder. */
export type PlanOf = (snapshot: Snapshot, verdicts: Verdicts) => Pick<Plan, 'makespanMs' | 'impossible'>;

/** Decides as the daemon would if these hosts were under maintenance, and keeps what empties them. The hosts must exist. */
export function drainOutlook(input: DecideInput, hosts: readonly string[], planOf: PlanOf): DrainOutlook {
  const snapshot = underMaintenance(input.snapshot, new Set(hosts));
  // How much one cycle may decide is a matter of pace: the outlook is about the whole way.
  const limits = { ...input.limits, changesPerCycle: 0 };
  const verdicts = decide({ ...input, snapshot, limits });
  // Other repairs stay in: they may make the room that is needed.
  const repairs = verdicts.decisions.filter((each) => isAccepted(each) && each.phase === 'repair');
  const decisions = [...wakesFor(repairs, verdicts.decisions), ...repairs];
  const moves = decisions
    .flatMap(({ changes }) => changes)
    .filter((change): change is Move => change.kind === 'move' && hosts.includes(change.from));
  const after = { ...input, snapshot: moved(snapshot, moves) };
  const { result: stuck } = withoutFaulty(input.policies, (policies) => stuckOn({ ...after, policies }, hosts));
  const { makespanMs, impossible } = planOf(snapshot, { ...verdicts, decisions });
  return { hosts, isFeasible: stuck.length === 0 && impossible.length === 0, moves, stuck, makespanMs, impossible };
}

function underMaintenance(snapshot: Snapshot, hosts: ReadonlySet<string>): Snapshot {
  const { ids, maintenance } = snapshot.hosts;
  const wanted = Uint8Array.from(ids, (id, host) => Number(hosts.has(id) || maintenance[host] === 1));
  return succeed(snapshot, { atMs: snapshot.atMs, hosts: { maintenance: wanted } });
}

function moved(snapshot: Snapshot, moves: DrainOutlook['moves']): Snapshot {
  const host = Int32Array.from({ length: snapshot.vms.ids.length }, (_, vm) => snapshot.vms.host[vm]!);
  for (const { vm, to } of moves) host[snapshot.vms.index.get(vm)!] = snapshot.hosts.index.get(to)!;
  return succeed(snapshot, { atMs: snapshot.atMs, vms: { host } });
}

function stuckOn(input: DecideInput, hosts: readonly string[]): Stuck[] {
  const situation = new Situation(input);
  situation.judge.capacity.forRepair = true;
  const { index } = situation.draft.snapshot.hosts;
  return hosts.flatMap((host) =>
    situation.draft.vmsOn(index.get(host)!).map((vm) => ({
      vm: situation.draft.snapshot.vms.ids[vm]!,
      host,
      refusal: whyStuck(situation, vm),
    })),
  );
}

function whyStuck({ draft, judge, targets }: Situation, vm: number): Refusal {
  const stays = judge.staysBecause(vm, true);
  if (stays !== undefined) return stays;
  const elsewhere = targets.all.filter((host) => host !== draft.hostOf[vm]);
  const [commonest] = countRefusals(elsewhere.flatMap((host) => judge.refusal(vm, host) ?? []));
  if (commonest === undefined) return { rule: 'targets', because: 'there is no other host' };
  const { rule, count, because } = commonest;
  return { rule, because: count === 1 ? because : `${because} (and ${count - 1} more hosts alike)` };
}
