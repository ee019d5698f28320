import type { Draft } from '../../domain/draft.ts';
import type { Violation } from '../../domain/rule.ts';

/**
 * A rule at work on one draft. `permits` is asked for every target that a search looks at, so it answers with a flag;
 * the words are made only for those refusals that somebody reads.
 */
export interface RuleOnDraft {
  /** What refusals and violations name. */
  readonly id: string;
  /** Whether the VM may go there, all else being as it is. */
  permits(vm: number, to: number): boolean;
  /** The VMs that it can forbid anything; absent: all. */
  readonly concerned?: Iterable<number>;
  /** Why `permits` said no. */
  words(vm: number, to: number): string;
  /** What would have to change for `permits` to say yes. */
  remedy(vm: number, to: number): string;
  /** Where `permits` lets a VM go that breaks the rule: whether the rule is any better off then. Absent: always. */
  helps?(vm: number, to: number): boolean;
  /** What is broken as the draft stands. */
  violations(): Violation[];
}

/** A rule that the moves of a group may break one by one and keep in the end. */
export interface GroupRule extends RuleOnDraft {
  /** How far the rule is from being kept as the draft stands, as far as these VMs matter; 0 when it is kept. */
  breach(vms: readonly number[]): number;
}

/** The violations of a rule that looks at each VM and its host alone: wherever a VM is that may not be there. */
export function misplaced(rule: Omit<RuleOnDraft, 'violations'>, draft: Draft): Violation[] {
  const { vms, hosts } = draft.snapshot;
  const { hostOf } = draft;
  const found: Violation[] = [];
  const look = (vm: number) => {
    const host = hostOf[vm]!;
    if (rule.permits(vm, host)) return;
    found.push({ rule: rule.id, because: rule.words(vm, host), vms: [vms.ids[vm]!], host: hosts.ids[host]! });
  };
  if (rule.concerned === undefined) for (let vm = 0; vm < hostOf.length; vm++) look(vm);
  else for (const vm of rule.concerned) look(vm);
  return found;
}
