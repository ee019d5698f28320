import type { Step } from '../../../src/domain/plan.ts';
import type { Happening } from '../witness.ts';
import type { Checker } from './checker.ts';

/** Every command is a step that was written down before, for a decision that is on record; and every step ends. */
export function steps(): Checker {
  const record = new OnRecord();
  return {
    property: 'every step has a decision and an outcome',
    judge(happening) {
      switch (happening.kind) {
        case 'decided':
          for (const { id } of happening.verdicts.decisions) record.decisions.add(id);
          return [];
        case 'planned':
          record.plans.add(happening.plan.id);
          return [];
        case 'begun':
          return record.begin(happening.step, happening.plan);
        case 'outcome':
          return record.end(happening.id);
        default:
          return commandIn(happening).flatMap(({ id, change }) => record.command(id, change));
      }
    },
    judgeEnd: () => record.open.map((id) => `${id} has no outcome`),
  };
}

class OnRecord {
  readonly decisions = new Set<string>();
  readonly plans = new Set<string>();
  readonly #begun = new Map<string, Step>();
  readonly #ended = new Set<string>();

  get open(): string[] {
    return [...this.#begun.keys()].filter((id) => !this.#ended.has(id));
  }

  begin(step: Step, plan: string): string[] {
    this.#begun.set(step.id, step);
    this.#ended.delete(step.id);
    return [
      ...(this.decisions.has(step.decision) ? [] : [`${step.id} comes from ${step.decision}, which is not on record`]),
      ...(this.plans.has(plan) ? [] : [`${step.id} is of plan ${plan}, which is not on record`]),
    ];
  }

  end(id: string): string[] {
    const isOpen = this.#begun.has(id) && !this.#ended.has(id);
    this.#ended.add(id);
    return isOpen ? [] : [`${id} ends and was not under way`];
  }

  command(id: string, change: string): string[] {
    const step = this.#begun.get(id);
    if (step === undefined) return [`${id} is commanded and was not written down`];
    if (this.#ended.has(id)) return [`${id} is commanded after its end`];
    return changeOf(step) === change ? [] : [`${id} was written down as ${changeOf(step)} and commanded as ${change}`];
  }
}

const changeOf = ({ change }: Step): string =>
  change.kind === 'move' ? `${change.vm} ${change.from} ${change.to}` : `${change.host} ${change.to}`;

function commandIn(happening: Happening): { readonly id: string; readonly change: string }[] {
  if (happening.kind === 'switch ordered' && happening.by === 'drover')
    return [{ id: happening.id, change: `${happening.host} ${happening.to}` }];
  if (happening.kind !== 'migration ordered' || happening.by !== 'drover') return [];
  const { id, vm, from, to } = happening.order;
  return [{ id, change: `${vm} ${from} ${to}` }];
}
