import type { Draft } from '../../domain/draft.ts';
import type { Violation } from '../../domain/rule.ts';
import type { LoadedPolicy } from '../../sdk/choose.ts';
import { Fleet } from '../../sdk/fleet.ts';
import type { RuleDefinition } from '../../sdk/rule.ts';
import { HostView, VmView } from '../../sdk/views.ts';
import { PolicyFault } from '../policy-fault.ts';
import { misplaced, type RuleOnDraft } from './rule-on-draft.ts';

/** A rule from the file of a policy. One that fails takes its policy with it, rules and costs alike. */
export class AuthoredRule implements RuleOnDraft {
  readonly id: string;
  readonly #policy: string;
  readonly #definition: RuleDefinition;
  readonly #draft: Draft;
  readonly #fleet: Fleet;
  readonly #vm: VmView;
  readonly #host: HostView;

  constructor(draft: Draft, policy: string, definition: RuleDefinition) {
    this.id = definition.id;
    this.#policy = policy;
    this.#definition = definition;
    this.#draft = draft;
    this.#fleet = new Fleet(draft);
    this.#vm = new VmView(draft);
    this.#host = new HostView(draft);
  }

  permits(vm: number, to: number): boolean {
    return this.#ask(vm, to, this.#definition.permits) === true;
  }

  words(vm: number, to: number): string {
    return String(this.#ask(vm, to, this.#definition.because));
  }

  remedy(): string {
    return `policy ${this.#policy} would have to allow it: its rule ${this.id} says no`;
  }

  violations(): Violation[] {
    return misplaced(this, this.#draft);
  }

  #ask(vm: number, host: number, question: (vm: VmView, host: HostView, fleet: Fleet) => unknown): unknown {
    this.#vm.index = vm;
    this.#host.index = host;
    try {
      return question(this.#vm, this.#host, this.#fleet);
    } catch (thrown) {
      const because = thrown instanceof Error ? thrown.message : String(thrown);
      throw new PolicyFault(this.#policy, `its rule ${this.id} threw: ${because}`);
    }
  }
}

export function authoredRules(draft: Draft, policies: readonly LoadedPolicy[]): AuthoredRule[] {
  return policies.flatMap(({ policy, values }) =>
    rulesOf({ policy, values }).map((definition) => new AuthoredRule(draft, policy.id, definition)),
  );
}

function rulesOf({ policy, values }: Pick<LoadedPolicy, 'policy' | 'values'>): readonly RuleDefinition[] {
  try {
    return policy.rules?.(values) ?? [];
  } catch (thrown) {
    throw new PolicyFault(policy.id, `its rules threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}
