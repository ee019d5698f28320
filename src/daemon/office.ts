import type { Executor } from '../act/executor.ts';
import type { Settings } from '../config/settings.ts';
import type { DecideInput } from '../decide/input.ts';
import { isAccepted, type Verdicts } from '../domain/decision.ts';
import type { HostId } from '../domain/host.ts';
import type { Inventory } from '../domain/inventory.ts';
import { ENDED, type StepStatus } from '../domain/plan.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { MINUTE, SECOND } from '../domain/units.ts';
import type { VmId } from '../domain/vm.ts';
import { spanWords } from '../domain/words.ts';
import type { Clock } from '../ports/clock.ts';
import type { History } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import type { Notes } from '../ports/notes.ts';
import { Archive } from './archive.ts';
import { Coexistence } from './coexistence.ts';
import type { Confirmation } from './confirmation.ts';
import type { Planner } from './course.ts';
import { Desk } from './desk/desk.ts';
import type { Helm } from './helm.ts';
import { leastHostsOn } from './hosts-wanted.ts';
import { withKnowledge } from './knowledge.ts';
import { lastRefusal } from './last-check.ts';
import { Notebook } from './notebook.ts';
import { Orders } from './orders.ts';
import { outlookBy } from './outlook.ts';
import { PowerMemory } from './power-memory.ts';
import { SnapshotNumbers } from './snapshot-numbers.ts';
import { Strangers } from './strangers.ts';
import { Trials } from './trials.ts';

/** Nobody's move for money is worth a broken rule: it is tried again when the repair has had its turn. */
const IN_PEACE_MINUTES = 10;

export interface OfficeParts {
  readonly notes: Notes;
  readonly history: History;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly log: Log;
  readonly helm: Helm;
  readonly planOf: Planner;
  readonly settings: () => Settings;
  /** What was decided no longer stands. */
  readonly changed: (reason: string) => void;
  /** What a cycle would go by now; nothing before the first snapshot. */
  readonly input: () => DecideInput | undefined;
}

/** Everything that Drover knows beyond what its driver reports, and what persons have told it. */
export class Office {
  readonly orders: Orders;
  readonly archive: Archive;
  readonly coexistence: Coexistence;
  readonly #parts: OfficeParts;
  readonly #notebook: Notebook;
  readonly #numbers: SnapshotNumbers;
  readonly #trials: Trials;
  readonly #memory: PowerMemory;
  readonly #strangers: Strangers;
  readonly #rests = new Map<HostId | VmId, number>();
  #taken: Snapshot | undefined;

  constructor(parts: OfficeParts) {
    const { notes, history, executor, log, settings, planOf, clock } = parts;
    this.#parts = parts;
    this.#notebook = new Notebook(notes);
    this.#numbers = new SnapshotNumbers(notes);
    const notebook = this.#notebook;
    this.#trials = new Trials({ notebook, log, outlook: outlookBy(planOf) });
    const isEverythingWanted = () => parts.helm.isOutsidePowerWindow;
    this.orders = new Orders({ notebook, trials: this.#trials, log, isEverythingWanted });
    this.archive = new Archive({ history, mostVms: settings().history.caseMostVms, log });
    this.#strangers = new Strangers(log);
    this.coexistence = new Coexistence({ ...parts, rests: this.#rests });
    this.#memory = new PowerMemory({ notebook, clock, log, suspects: () => executor.suspects });
    executor.guardSwitchingOff((host, reported) => this.#mustStayOn(host, reported));
  }

  openDesk(confirmation: Confirmation, closedBecause: () => string | undefined, hurry: (reason: string) => void): Desk {
    const { planOf, settings } = this.#parts;
    return new Desk({
      ...this.#parts,
      confirmation,
      closedBecause,
      hurry,
      notebook: this.#notebook,
      trials: this.#trials,
      rests: this.#rests,
      outlook: outlookBy(planOf),
      leadMs: () => settings().observe.sampleSeconds * SECOND,
    });
  }

  get suspects(): number {
    return this.#notebook.suspects.size;
  }

  get pausedSinceMs(): number | null {
    return this.#notebook.pauses.get('cluster')?.sinceMs ?? null;
  }

  /** The snapshot with a number that is its own for ever, and with what only Drover knows. */
  see(snapshot: Snapshot): Snapshot {
    this.#forgetRests(snapshot.atMs);
    this.#taken = { ...snapshot, version: this.#numbers.numberOf(snapshot.version) };
    const seen = this.#asKnown(this.#taken);
    this.#memory.look(seen);
    this.#strangers.look(this.#parts.settings(), seen);
    return seen;
  }

  /** The newest one, with what persons have said since; nothing before the first. */
  get present(): Snapshot | undefined {
    return this.#taken && this.#asKnown(this.#taken);
  }

  #asKnown(snapshot: Snapshot): Snapshot {
    const { drains, trials, suspects, proofs, asleep, switches } = this.#notebook;
    const { helm, settings, executor } = this.#parts;
    const { provenByDefault, wakeOthers } = settings().hostPower;
    return withKnowledge(snapshot, {
      isSuspect: (host) => suspects.has(host) || executor.suspects.has(host),
      isReserved: (host) => drains.has(host) || trials.has(host) || helm.isInMaintenance(host),
      // What is on trial is switched off in order to find out.
      isProven: (host) => proofs.has(host) || provenByDefault || trials.has(host),
      mayBeWoken: (host) => wakeOthers || asleep.has(host) || switches.get(host)?.to === 'on',
      restsSinceMs: this.#rests,
      ...(this.coexistence.hasLeaving && { isLeaving: (host: HostId) => this.coexistence.isLeaving(host) }),
    });
  }

  /** How many hosts the calendar wants on now. */
  hostsWanted(snapshot: Snapshot | undefined): number {
    const { limits, observe } = this.#parts.settings();
    if (snapshot === undefined) return 0;
    return leastHostsOn(this.#parts.helm.hostsOn, snapshot, { limits, cycleSeconds: observe.cycleSeconds });
  }

  stepChanged(status: StepStatus): void {
    this.coexistence.stepChanged(status);
    this.#memory.stepChanged(status);
    if (ENDED.has(status.state)) this.orders.stepEnded(status);
  }

  /** No policy moves them for a while, as after a move: a repair was decided that could not be planned beside theirs. */
  leaveInPeace(vms: readonly VmId[], atMs: number): void {
    if (vms.length === 0) return;
    const { settings, log } = this.#parts;
    const sinceMs = atMs + (IN_PEACE_MINUTES - settings().profile.vmCooldownMinutes) * MINUTE;
    for (const vm of vms) this.#rests.set(vm, sinceMs);
    const span = spanWords(IN_PEACE_MINUTES * MINUTE);
    log.warn(`a repair waits for moves that cannot be done in any order: ${vms.join(', ')} stay for ${span}`);
  }

  /** After a cycle in which there was nothing to do, a host may be tried out. */
  afterCycle(verdicts: Verdicts | undefined): void {
    const { helm, settings, executor, input } = this.#parts;
    if (helm.mode !== 'auto' || !helm.power || !settings().hostPower.proveWhenCalm) return;
    const { drains, pauses, moves, switches } = this.#notebook;
    const isFree = [drains, pauses, moves, switches].every((topic) => topic.size === 0);
    const isCalm = verdicts?.violations.length === 0 && !verdicts.decisions.some(isAccepted);
    if (!isFree || !isCalm || !executor.isAtRest()) return;
    const present = input();
    if (present !== undefined) this.#trials.think(present);
  }

  #mustStayOn(host: HostId, reported: Inventory): string | undefined {
    const input = this.#parts.input();
    if (input === undefined) return 'no snapshot has been taken yet';
    const going = this.#parts.executor
      .begun()
      .flatMap(({ step: { change }, state }) =>
        change.kind === 'power' && change.to === 'off' && state === 'running' && change.host !== host
          ? [change.host]
          : [],
      );
    return lastRefusal(input, host, reported, going);
  }

  #forgetRests(nowMs: number): void {
    const { profile } = this.#parts.settings();
    const longestMs = MINUTE * Math.max(profile.vmCooldownMinutes, profile.minimumOnMinutes, profile.minimumOffMinutes);
    for (const [id, sinceMs] of this.#rests) if (nowMs - sinceMs > longestMs) this.#rests.delete(id);
  }
}
