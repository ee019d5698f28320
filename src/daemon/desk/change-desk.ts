import { decideOrders } from '../../decide/ordered.ts';
import { type Change, changeWords } from '../../domain/change.ts';
import { isAccepted } from '../../domain/decision.ts';
import type { HostId } from '../../domain/host.ts';
import { ENDED, type StepState, type StepStatus } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/rule.ts';
import type { VmId } from '../../domain/vm.ts';
import { spanWords } from '../../domain/words.ts';
import type { Operator, Reply } from '../operator.ts';
import { type Counter, done, refuse } from './counter.ts';

const CANCELLABLE: ReadonlySet<StepState> = new Set(['queued', 'preparing', 'copying']);

/** Orders for single changes: one migration, one switch, or none of it after all. */
export class ChangeDesk implements Pick<Operator, 'migrate' | 'power' | 'cancel'> {
  readonly #counter: Counter;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  migrate(vm: VmId, to: HostId, dryRun: boolean): Reply {
    const { notebook } = this.#counter.parts;
    const order = { to, sinceMs: this.#counter.nowMs };
    return this.#change({ kind: 'move', vm, from: this.#placeOf(vm), to }, dryRun, () =>
      notebook.moves.write(vm, order),
    );
  }

  power(host: HostId, to: 'on' | 'off', dryRun: boolean): Reply {
    const { notebook } = this.#counter.parts;
    const order = { to, sinceMs: this.#counter.nowMs };
    return this.#change({ kind: 'power', host, to }, dryRun, () => notebook.switches.write(host, order));
  }

  cancel(stepId: string, dryRun: boolean): Reply {
    const { executor, log } = this.#counter.parts;
    const status = executor.steps.find(({ step, state }) => step.id === stepId && !ENDED.has(state));
    if (status === undefined) return refuse(`step ${stepId} is neither queued nor under way`);
    if (!isCancellable(status)) return refuse(`step ${stepId} is too far to be cancelled: it is ${status.state}`);
    const words = changeWords(status.step.change);
    const reply = done(`${words} is cancelled${this.#comesBack(status.step.change)}`);
    return this.#counter.order(dryRun, reply, () => {
      const refusal = executor.cancel(stepId);
      if (refusal !== undefined) throw new Error(refusal);
      this.#takeBack(status.step.change);
      log.info(`${words} was cancelled by a person`);
    });
  }

  #change(change: Change, dryRun: boolean, write: () => void): Reply {
    return this.#counter.withInput((input) => {
      const { planOf, leadMs, hurry } = this.#counter.parts;
      const { decisions } = decideOrders(input, [{ change, because: 'a person asked for it' }]);
      const refused = decisions.find((decision) => !isAccepted(decision))?.refusal;
      if (refused !== undefined) return refuse(`${refused.because}${roomWords(change, refused)}`);
      const { steps, impossible, makespanMs } = planOf(input.snapshot, { decisions });
      const [obstacle] = impossible;
      if (obstacle !== undefined) return refuse(obstacle.because);
      const takesMs = makespanMs + leadMs();
      const words = `${changeWords(change)}: takes about ${spanWords(takesMs)}${this.#counter.whilePaused}`;
      return this.#counter.order(dryRun, done(words, steps, this.#counter.nowMs + takesMs), () => {
        write();
        hurry(changeWords(change));
      });
    });
  }

  #placeOf(vm: VmId): HostId {
    const snapshot = this.#counter.parts.input()?.snapshot;
    const index = snapshot?.vms.index.get(vm);
    return snapshot === undefined || index === undefined ? '' : snapshot.hosts.ids[snapshot.vms.host[index]!]!;
  }

  /** The order itself is taken back, and automatic changes let what it was about rest for a while. */
  #takeBack(change: Change): void {
    const { rests, notebook } = this.#counter.parts;
    const subject = change.kind === 'move' ? change.vm : change.host;
    rests.set(subject, this.#counter.nowMs);
    (change.kind === 'move' ? notebook.moves : notebook.switches).strike(subject);
  }

  #comesBack(change: Change): string {
    if (change.kind === 'power' || !this.#counter.parts.notebook.drains.has(change.from)) return '';
    return `; it is planned anew while ${change.from} is being drained`;
  }
}

/** Two that are to change places on full hosts are both refused. */
function roomWords(change: Change, { rule }: Refusal): string {
  if (change.kind === 'power' || (rule !== 'capacity' && rule !== 'counted')) return '';
  return `; orders are judged one by one, so let somebody leave ${change.to} first, to a third host if they are to swap`;
}

const isCancellable = ({ state, step }: StepStatus): boolean =>
  CANCELLABLE.has(state) && (state === 'queued' || step.change.kind === 'move');
