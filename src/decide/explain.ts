import type { TermChange } from '../domain/decision.ts';
import type { Refusal } from '../domain/rule.ts';
import type { DecideInput } from './input.ts';
import { Situation } from './situation.ts';

/** What it would mean for one VM to be on one host: the rule that forbids it, and the cost difference per term. */
export interface HostOutlook {
  readonly host: string;
  readonly current: boolean;
  readonly refusal?: Refusal;
  readonly terms: readonly TermChange[];
  /** Negative: the fleet would be cheaper. */
  readonly differencePerHour: number;
  readonly onceCost: number;
  /** Whether that would pay back in time. */
  readonly pays: boolean;
}

/** For one VM and every host, cheapest first; undefined when there is no such VM. */
export function explainVm(input: DecideInput, vmId: string): HostOutlook[] | undefined {
  const situation = new Situation(input);
  const vm = situation.draft.snapshot.vms.index.get(vmId);
  if (vm === undefined) return undefined;
  const outlooks = situation.targets.all.map((host) => outlook(situation, vm, host));
  return outlooks.sort((a, b) => rank(a) - rank(b) || a.differencePerHour - b.differencePerHour);
}

const rank = (each: HostOutlook): number => (each.current ? 0 : each.refusal === undefined ? 1 : 2);

function outlook(situation: Situation, vm: number, host: number): HostOutlook {
  const { draft, judge, costs, once, book } = situation;
  const from = draft.hostOf[vm]!;
  const id = draft.snapshot.hosts.ids[host]!;
  if (from === host) return { host: id, current: true, terms: [], differencePerHour: 0, onceCost: 0, pays: false };
  const refusal = judge.staysBecause(vm, false) ?? judge.refusal(vm, host);
  const trial = situation.trial();
  trial.move(vm, host);
  const changes = trial.termChanges();
  trial.undo();
  const differencePerHour = changes.reduce((sum, change) => sum + change, 0);
  const onceCost = once.ofMove(vm, from, host);
  return {
    host: id,
    current: false,
    ...(refusal === undefined ? {} : { refusal }),
    terms: costs.terms.names.map((term, t) => {
      return { term, beforePerHour: costs.totals[t]!, afterPerHour: costs.totals[t]! + changes[t]! };
    }),
    differencePerHour,
    onceCost,
    pays: refusal === undefined && book.pays(-differencePerHour, onceCost),
  };
}
