import type { Column } from '../../domain/columns.ts';
import type { Draft } from '../../domain/draft.ts';
import type { HostRule, Violation } from '../../domain/rule.ts';
import { hostsAllowedBy, selectedVms, selectionWords } from '../../domain/selection.ts';
import { misplaced, type RuleOnDraft } from './rule-on-draft.ts';

interface Allowance {
  readonly rule: HostRule;
  /** By host. */
  readonly isAllowed: Column;
}

/** The required rules that say where VMs must run, or where they must not. All of one kind. */
export class HostRules implements RuleOnDraft {
  readonly id: HostRule['kind'];
  readonly #draft: Draft;
  readonly #allowances = new Map<number, Allowance[]>();

  constructor(draft: Draft, kind: HostRule['kind'], rules: readonly HostRule[]) {
    this.id = kind;
    this.#draft = draft;
    for (const rule of rules) {
      const allowance = { rule, isAllowed: hostsAllowedBy(rule, draft.snapshot) };
      for (const vm of selectedVms(rule, draft.snapshot)) {
        const known = this.#allowances.get(vm);
        if (known === undefined) this.#allowances.set(vm, [allowance]);
        else known.push(allowance);
      }
    }
  }

  get concerned(): Iterable<number> {
    return this.#allowances.keys();
  }

  permits(vm: number, to: number): boolean {
    const allowances = this.#allowances.get(vm);
    if (allowances === undefined) return true;
    for (let a = 0; a < allowances.length; a++) if (allowances[a]!.isAllowed[to] !== 1) return false;
    return true;
  }

  /** Whether any rule narrows where the VM may run. */
  concerns(vm: number): boolean {
    return this.#allowances.has(vm);
  }

  /** Equal for VMs that the same rules are about. */
  kindOf(vm: number): string {
    return (this.#allowances.get(vm) ?? []).map(({ rule }) => rule.id).join('+');
  }

  words(vm: number, to: number): string {
    const { vms, hosts } = this.#draft.snapshot;
    const { rule } = this.#brokenBy(vm, to);
    if (rule.kind === 'keep-off') return `rule ${rule.id} keeps ${vms.ids[vm]} off ${hosts.ids[to]}`;
    return `rule ${rule.id} lets ${vms.ids[vm]} run on ${selectionWords(rule.hosts, rule.hostLabels)} only`;
  }

  remedy(vm: number, to: number): string {
    const { hosts } = this.#draft.snapshot;
    const { rule } = this.#brokenBy(vm, to);
    return rule.kind === 'keep-off'
      ? `take ${hosts.ids[to]} out of rule ${rule.id}`
      : `add ${hosts.ids[to]} to rule ${rule.id}`;
  }

  violations(): Violation[] {
    return misplaced(this, this.#draft);
  }

  #brokenBy(vm: number, to: number): Allowance {
    const broken = this.#allowances.get(vm)?.find(({ isAllowed }) => isAllowed[to] !== 1);
    if (broken === undefined) throw new Error('only a refusal has a reason');
    return broken;
  }
}
