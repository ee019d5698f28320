import type { HostId } from '../../domain/host.ts';
import type { VmId } from '../../domain/vm.ts';
import type { Operator, Reply, Standing } from '../operator.ts';
import { ChangeDesk } from './change-desk.ts';
import { Counter, type DeskParts, done, refuse } from './counter.ts';
import { HostDesk } from './host-desk.ts';

const CLUSTER = 'cluster';

/** Takes the orders of persons: says no in a sentence, or writes them down and says what will come of them. */
export class Desk implements Operator {
  readonly #counter: Counter;
  readonly #hosts: HostDesk;
  readonly #changes: ChangeDesk;

  constructor(parts: DeskParts) {
    this.#counter = new Counter(parts);
    this.#hosts = new HostDesk(this.#counter);
    this.#changes = new ChangeDesk(this.#counter);
    // What was paused stays paused, whatever happened meanwhile.
    if (parts.notebook.pauses.size > 0) parts.executor.pause();
  }

  drain = (host: HostId, dryRun: boolean): Reply => this.#hosts.drain(host, dryRun);
  undrain = (host: HostId, dryRun: boolean): Reply => this.#hosts.undrain(host, dryRun);
  clear = (host: HostId, dryRun: boolean): Reply => this.#hosts.clear(host, dryRun);
  prove = (host: HostId, dryRun: boolean): Reply => this.#hosts.prove(host, dryRun);
  vouch = (host: HostId, dryRun: boolean): Reply => this.#hosts.vouch(host, dryRun);
  migrate = (vm: VmId, to: HostId, dryRun: boolean): Reply => this.#changes.migrate(vm, to, dryRun);
  power = (host: HostId, to: 'on' | 'off', dryRun: boolean): Reply => this.#changes.power(host, to, dryRun);
  cancel = (stepId: string, dryRun: boolean): Reply => this.#changes.cancel(stepId, dryRun);

  pause(dryRun: boolean): Reply {
    const { notebook, executor, log } = this.#counter.parts;
    if (notebook.pauses.has(CLUSTER)) return refuse('Drover is paused already; `drover resume` has it go on');
    const words = 'nothing is started any more; what is under way goes on';
    return this.#counter.order(dryRun, done(words), () => {
      notebook.pauses.write(CLUSTER, { sinceMs: this.#counter.nowMs });
      executor.pause();
      log.info(`paused by a person: ${words}`);
    });
  }

  resume(dryRun: boolean): Reply {
    const { notebook, executor, log, hurry } = this.#counter.parts;
    if (!notebook.pauses.has(CLUSTER)) return refuse('Drover is not paused');
    return this.#counter.order(dryRun, done('Drover goes on'), () => {
      notebook.pauses.strike(CLUSTER);
      executor.resume();
      log.info('a person has Drover go on');
      hurry('the pause is over');
    });
  }

  confirm(planId: string, dryRun: boolean, only: readonly string[] = []): Reply {
    const { confirmation, closedBecause, input } = this.#counter.parts;
    const closed = closedBecause();
    if (closed !== undefined) return refuse(`plan ${planId} cannot start: ${closed}`);
    const seen = input()?.snapshot;
    const refusal = dryRun ? confirmation.refusal(planId, seen, only) : confirmation.confirm(planId, seen, only);
    return refusal === undefined ? done(`plan ${planId} begins${this.#counter.whilePaused}`) : refuse(refusal);
  }

  reject(planId: string, dryRun: boolean): Reply {
    const { confirmation } = this.#counter.parts;
    const refusal = dryRun ? confirmation.notWaiting(planId) : confirmation.reject(planId);
    return refusal === undefined ? done(`plan ${planId} is rejected`) : refuse(refusal);
  }

  standing(): Standing {
    const { notebook, input } = this.#counter.parts;
    const snapshot = input()?.snapshot;
    const vmsOn = (id: HostId) => {
      const host = snapshot?.hosts.index.get(id);
      return snapshot?.vms.ids.filter((_, vm) => snapshot.vms.host[vm] === host).length ?? 0;
    };
    return {
      pausedSinceMs: notebook.pauses.get(CLUSTER)?.sinceMs ?? null,
      drains: notebook.drains.entries.map(([host, note]) => ({ host, ...note, vmsLeft: vmsOn(host) })),
      moves: notebook.moves.entries.map(([vm, note]) => ({ vm, ...note })),
      switches: notebook.switches.entries.map(([host, note]) => ({ host, ...note })),
      trials: notebook.trials.entries.map(([host, { stage, sinceMs }]) => ({ host, stage, sinceMs })),
      suspects: notebook.suspects.entries.map(([host, note]) => ({ host, ...note })),
      // What is on trial is taken to be proven, so that it may be switched off.
      unproven:
        snapshot?.hosts.ids.filter((id, host) => notebook.trials.has(id) || snapshot.hosts.provenToWake[host] !== 1) ??
        [],
    };
  }
}
