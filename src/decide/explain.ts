import type { TermChange } from '../domain/decision.ts';
import { POWER_STATES, type PowerState } from '../domain/power.ts';
import type { Refusal } from '../domain/rule.ts';
import type { DecideInput } from './input.ts';
import { type SkippedPolicy, withoutFaulty } from './policy-fault.ts';
import { Situation } from './situation.ts';
import { whyItStaysOn } from './stay-on.ts';

/** What it would mean for one VM to be on one host: the rule that forbids, and the cost difference per term. */
export interface HostOutlook {
  readonly host: string;
  readonly current: boolean;
  readonly refusal?: Refusal;
  /** All that would have to change for it to be allowed; empty where it is. */
  readonly remedies: readonly string[];
  readonly terms: readonly TermChange[];
  /** Negative: the fleet would be cheaper. */
  readonly differencePerHour: number;
  readonly onceCost: number;
  /** Whether that would pay back in time. */
  readonly pays: boolean;
}

export interface Explanation {
  /** Where the VM is, then where it may go, then the others; cheapest first. */
  readonly hosts: readonly HostOutlook[];
  readonly skipped: readonly SkippedPolicy[];
}

/** For one VM and every host; undefined when there is no such VM. */
export function explainVm(input: DecideInput, vmId: string): Explanation | undefined {
  if (!input.snapshot.vms.index.has(vmId)) return undefined;
  const { result: hosts, skipped } = withoutFaulty(input.policies, (policies) => {
    const situation = new Situation({ ...input, policies });
    const vm = situation.draft.snapshot.vms.index.get(vmId)!;
    return situation.targets.all.map((host) => outlook(situation, vm, host));
  });
  return { hosts: hosts.sort((a, b) => rank(a) - rank(b) || a.differencePerHour - b.differencePerHour), skipped };
}

export interface HostExplanation {
  readonly power: PowerState;
  /** Why it is not switched off as things stand; null where it is not on, or nothing speaks against it. */
  readonly staysOn: Refusal | null;
  readonly skipped: readonly SkippedPolicy[];
}

/** For one host, what would come of it if it were to be switched off now; undefined when there is no such host. */
export function explainHost(input: DecideInput, hostId: string): HostExplanation | undefined {
  if (!input.snapshot.hosts.index.has(hostId)) return undefined;
  const { result, skipped } = withoutFaulty(input.policies, (policies) => {
    const situation = new Situation({ ...input, policies });
    const { hosts } = situation.draft.snapshot;
    const host = hosts.index.get(hostId)!;
    return { power: POWER_STATES[hosts.power[host]!]!, staysOn: whyItStaysOn(situation, host) ?? null };
  });
  return { ...result, skipped };
}

const NO_CHANGE = { remedies: [], terms: [], differencePerHour: 0, onceCost: 0, pays: false };

const rank = (each: HostOutlook): number => (each.current ? 0 : each.refusal === undefined ? 1 : 2);

function outlook(situation: Situation, vm: number, host: number): HostOutlook {
  const { draft, judge, costs, once, book } = situation;
  const from = draft.hostOf[vm]!;
  const id = draft.snapshot.hosts.ids[host]!;
  if (from === host) return { ...NO_CHANGE, host: id, current: true };
  const stays = judge.staysBecause(vm, false);
  const refusals = [...(stays === undefined ? [] : [stays]), ...judge.refusals(vm, host)];
  const [refusal] = refusals;
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
    remedies: refusals.flatMap(({ remedy }) => remedy ?? []),
    terms: costs.terms.names.map((term, t) => {
      return { term, beforePerHour: costs.totals[t]!, afterPerHour: costs.totals[t]! + changes[t]! };
    }),
    differencePerHour,
    onceCost,
    pays: refusal === undefined && book.pays(-differencePerHour, onceCost),
  };
}
