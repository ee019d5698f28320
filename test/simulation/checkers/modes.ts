import type { Decision, Verdicts } from '../../../src/domain/decision.ts';
import type { Step } from '../../../src/domain/plan.ts';
import type { Mode } from '../../../src/domain/profile.ts';
import type { Happening } from '../witness.ts';
import type { Checker } from './checker.ts';

const UNSURE = /^perhaps /;

/** Nothing begins in mode observe; short of auto nothing but what persons have ordered or confirmed, and what that takes. */
export function modes(): Checker {
  const course = new Course();
  return {
    property: 'Drover keeps to its mode',
    judge(happening, { land }) {
      if (happening.kind === 'life' && happening.what === 'begins') course.mode = land.scenario.settings.mode;
      if (happening.kind === 'begun') return course.broken(happening.step, happening.plan);
      course.hear(happening);
      return [];
    },
  };
}

class Course {
  /** Nothing where it is not certain. */
  mode: Mode | undefined;
  readonly #drained = new Set<string>();
  readonly #asked = new Set<string>();
  /** VMs and hosts of each plan. */
  readonly #planned = new Map<string, readonly string[]>();
  readonly #confirmed = new Set<string>();
  readonly #agreedOn = new Set<string>();

  hear(happening: Happening): void {
    if (happening.kind === 'decided') this.#note(happening.verdicts);
    if (happening.kind === 'planned') {
      const { id, steps } = happening.plan;
      this.#planned.set(id, steps.map(subjectOf));
    }
    if (happening.kind === 'person') this.#hearPerson(happening.did);
  }

  broken(step: Step, plan: string): string[] {
    const { mode } = this;
    if (mode === undefined || mode === 'auto') return [];
    if (mode !== 'observe' && this.#asked.has(step.decision)) return [];
    // Beside what persons order, what they have confirmed before goes on.
    const isAgreed = plan.endsWith('-orders') && this.#agreedOn.has(subjectOf(step));
    if (mode === 'confirm' && (this.#confirmed.has(plan) || isAgreed)) return [];
    return [`${step.id} of plan ${plan} begins in mode ${mode}`];
  }

  #hearPerson(did: string): void {
    const isSure = !UNSURE.test(did);
    const [verb, subject = ''] = did.replace(UNSURE, '').split(' ');
    if (verb === 'mode') this.mode = isSure ? (subject as Mode) : undefined;
    if (verb === 'drain') this.#drained.add(subject);
    if (verb === 'undrain' && isSure) this.#drained.delete(subject);
    if (verb !== 'confirm') return;
    this.#confirmed.add(subject);
    for (const each of this.#planned.get(subject) ?? []) this.#agreedOn.add(each);
  }

  /** Hosts are woken for what was ordered. */
  #note({ decisions }: Verdicts): void {
    const asked = decisions.filter((decision) => this.#isOrdered(decision));
    const woken = asked.length === 0 ? [] : decisions.filter(({ changes }) => changes.some(isWaking));
    for (const { id } of [...asked, ...woken]) this.#asked.add(id);
  }

  /** What Drover tries out by itself is no order of a person, until the host is off and has to come back. */
  #isOrdered({ policy, because, changes, phase }: Decision): boolean {
    if (policy === 'operator') return because === 'a person asked for it' || changes.every(isWaking);
    const isLeaving = ({ kind, ...change }: Decision['changes'][number]) =>
      kind === 'move' && 'from' in change && this.#drained.has(change.from);
    return phase === 'repair' && changes.some(isLeaving);
  }
}

const subjectOf = ({ change }: Step): string => (change.kind === 'move' ? change.vm : change.host);

const isWaking = (change: Decision['changes'][number]): boolean => change.kind === 'power' && change.to === 'on';
