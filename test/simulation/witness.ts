import { createHash } from 'node:crypto';
import type { Verdicts } from '../../src/domain/decision.ts';
import type { Plan, Step, StepStatus } from '../../src/domain/plan.ts';
import type { DriverEvent, MigrationEnd, MigrationOrder } from '../../src/ports/driver.ts';
import type { StepOutcome } from '../../src/ports/journal.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Fault } from './faults/kinds.ts';

export type By = 'drover' | 'person';

/** Everything that checkers are told of, in the order in which it happened. */
export type Happening =
  | { readonly kind: 'migration ordered'; readonly by: By; readonly order: MigrationOrder }
  | {
      readonly kind: 'switch ordered';
      readonly by: By;
      readonly host: string;
      readonly to: 'on' | 'off';
      readonly id: string;
    }
  /** What really happened, whatever the daemon is told. */
  | { readonly kind: 'world'; readonly event: DriverEvent }
  | { readonly kind: 'migration ended'; readonly id: string; readonly end: MigrationEnd }
  /** The daemon is told that it gets on. */
  | { readonly kind: 'migration heard'; readonly id: string }
  /** What the daemon is told. */
  | { readonly kind: 'migration told'; readonly id: string; readonly end: MigrationEnd }
  | { readonly kind: 'begun'; readonly step: Step; readonly plan: string }
  | { readonly kind: 'outcome'; readonly id: string; readonly outcome: StepOutcome }
  | { readonly kind: 'decided'; readonly verdicts: Verdicts }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'step'; readonly status: StepStatus }
  | { readonly kind: 'said'; readonly level: keyof Log; readonly sentence: string }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly subjects: readonly string[]; readonly words: string }
  | {
      readonly kind: 'life';
      readonly what: 'begins' | 'is killed' | 'is stopped' | 'did not start';
      readonly number: number;
    }
  | { readonly kind: 'person'; readonly did: string }
  | { readonly kind: 'tick' };

const TAIL_LINES = 4_000;

/** Keeps the chronicle of a run: its hash tells whether two runs are the same, its tail what led to a violation. */
export class Witness {
  readonly #hash = createHash('sha256');
  readonly #startMs: number;
  readonly #nowMs: () => number;
  readonly #listeners: ((happening: Happening) => void)[] = [];
  #tail: string[] = [];
  #lines = 0;

  constructor(startMs: number, nowMs: () => number) {
    this.#startMs = startMs;
    this.#nowMs = nowMs;
  }

  listen(listener: (happening: Happening) => void): void {
    this.#listeners.push(listener);
  }

  note(happening: Happening): void {
    const words = wordsOf(happening);
    if (words !== '') this.#write(words);
    for (const listener of this.#listeners) listener(happening);
  }

  remark(words: string): void {
    this.#write(words);
  }

  get hash(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }

  tail(most: number): readonly string[] {
    return this.#tail.slice(-most);
  }

  #write(words: string): void {
    const line = `${spanFrom(this.#startMs, this.#nowMs())} ${words}`;
    this.#hash.update(line).update('\n');
    this.#tail.push(line);
    this.#lines += 1;
    if (this.#tail.length > 2 * TAIL_LINES) this.#tail = this.#tail.slice(-TAIL_LINES);
  }
}

function spanFrom(startMs: number, nowMs: number): string {
  const seconds = (nowMs - startMs) / 1_000;
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(hours)}:${two(minutes)}:${(seconds % 60).toFixed(3).padStart(6, '0')}`;
}

function wordsOf(happening: Happening): string {
  switch (happening.kind) {
    case 'migration ordered': {
      const { id, vm, from, to, how } = happening.order;
      return `${happening.by} orders ${id}: ${vm} ${from} → ${to} ${how}`;
    }
    case 'switch ordered':
      return `${happening.by} orders ${happening.id}: ${happening.host} ${happening.to}`;
    case 'world':
      return eventWords(happening.event);
    case 'migration ended':
      return `world: ${happening.id} ${endWords(happening.end)}`;
    case 'migration told':
      return `told: ${happening.id} ${endWords(happening.end)}`;
    case 'outcome':
      return `journal: ${happening.id} ${happening.outcome.state} ${happening.outcome.because}`;
    case 'begun':
      return `journal: ${happening.step.id} begins (${happening.step.decision})`;
    case 'planned':
      return `plan ${happening.plan.id} of ${happening.plan.steps.length} steps`;
    default:
      return otherWords(happening);
  }
}

function otherWords(happening: Happening): string {
  switch (happening.kind) {
    case 'step':
      return `step ${happening.status.step.id} ${happening.status.state} ${happening.status.because}`;
    case 'said':
      return happening.level === 'debug' ? '' : `${happening.level}: ${happening.sentence}`;
    case 'fault':
      return `FAULT ${happening.fault} ${happening.subjects.join(' ')} ${happening.words}`.trimEnd();
    case 'life':
      return `LIFE ${happening.number} ${happening.what}`;
    case 'person':
      return `PERSON ${happening.did}`;
    default:
      return '';
  }
}

function eventWords(event: DriverEvent): string {
  if (event.kind === 'vm-moved') return `world: ${event.vm} is on ${event.to}`;
  if (event.kind === 'host-power') return `world: ${event.host} is ${event.power}`;
  return `world: ${event.kind}`;
}

const endWords = (end: MigrationEnd): string => (end.state === 'failed' ? `failed: ${end.because}` : end.state);
