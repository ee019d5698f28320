import type { Operator, Reply, Standing } from '../../src/daemon/operator.ts';
import type { Past } from '../../src/daemon/queries.ts';
import type { Verdicts } from '../../src/domain/decision.ts';
import type { Plan, Step } from '../../src/domain/plan.ts';
import type { RecordedStep } from '../../src/ports/journal.ts';

const NOTHING: Standing = {
  pausedSinceMs: null,
  drains: [],
  moves: [],
  switches: [],
  trials: [],
  suspects: [],
  unproven: [],
};

/** Writes down what it is told to do, and says yes or what it was told to say. */
export class FakeOperator implements Operator {
  readonly told: string[] = [];
  refusal: string | undefined;
  steps: readonly Step[] = [];
  stands: Standing = NOTHING;

  drain = (host: string, dryRun: boolean) => this.#hear(`drain ${host}`, dryRun);
  undrain = (host: string, dryRun: boolean) => this.#hear(`undrain ${host}`, dryRun);
  clear = (host: string, dryRun: boolean) => this.#hear(`clear ${host}`, dryRun);
  prove = (host: string, dryRun: boolean) => this.#hear(`prove ${host}`, dryRun);
  vouch = (host: string, dryRun: boolean) => this.#hear(`vouch ${host}`, dryRun);
  migrate = (vm: string, to: string, dryRun: boolean) => this.#hear(`migrate ${vm} to ${to}`, dryRun);
  power = (host: string, to: 'on' | 'off', dryRun: boolean) => this.#hear(`power ${host} ${to}`, dryRun);
  cancel = (step: string, dryRun: boolean) => this.#hear(`cancel ${step}`, dryRun);
  pause = (dryRun: boolean) => this.#hear('pause', dryRun);
  resume = (dryRun: boolean) => this.#hear('resume', dryRun);
  confirm = (plan: string, dryRun: boolean, only: readonly string[] = []) =>
    this.#hear(['confirm', plan, ...only].join(' '), dryRun);
  reject = (plan: string, dryRun: boolean) => this.#hear(`reject ${plan}`, dryRun);
  standing = () => this.stands;

  #hear(order: string, dryRun: boolean): Reply {
    this.told.push(dryRun ? `${order}?` : order);
    if (this.refusal !== undefined) return { refusal: this.refusal };
    return { words: `heard: ${order}`, steps: this.steps, endsAtMs: null };
  }
}

/** A past of a few cycles, of which only the odd ones kept their case. */
export class FakePast implements Past {
  recorded: readonly Verdicts[] = [];
  plan: Plan | undefined;
  steps: readonly RecordedStep[] = [];

  cycles = (most: number, before = Number.POSITIVE_INFINITY) =>
    this.recorded
      .map((verdicts) => ({ cycle: verdicts.snapshotVersion, verdicts, hasCase: isOdd(verdicts) }))
      .filter(({ cycle }) => cycle < before)
      .slice(0, most);
  cycle = (cycle: number) => this.cycles(1000).find((recorded) => recorded.cycle === cycle);
  caseText = (cycle: number) => (this.cycle(cycle)?.hasCase ? `{"cycle":${cycle}}` : undefined);
  planOf = () => this.plan;
  stepsOf = () => this.steps;
  hooksOf = () => [];
  migrations = () => [];
}

const isOdd = ({ snapshotVersion }: Verdicts): boolean => snapshotVersion % 2 === 1;
