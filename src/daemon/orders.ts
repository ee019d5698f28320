import { OPERATOR, type Order } from '../decide/ordered.ts';
import { type Change, changeWords } from '../domain/change.ts';
import { type Decision, isAccepted } from '../domain/decision.ts';
import type { StepStatus } from '../domain/plan.ts';
import { BOOTING, OFF, ON, SHUTTING_DOWN, SUSPECT } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Log } from '../ports/log.ts';
import { isEmpty } from './emptiness.ts';
import type { Notebook } from './notebook.ts';
import type { Trials } from './trials.ts';

const BY_PERSON = 'a person asked for it';
const BY_CALENDAR = 'outside the power window of the calendar everything is on';

/** An order is dropped when it has failed so often, or when the rules have forbidden it for so long. */
const MOST_FAILURES = 3;
const LONGEST_REFUSED_MS = 10 * MINUTE;

export interface OrdersParts {
  readonly notebook: Notebook;
  readonly trials: Trials;
  readonly log: Log;
  /** Whether what Drover has put to sleep is to come back now. */
  readonly isEverythingWanted: () => boolean;
}

/** What persons have asked for and is not done yet. It stands until it is done, dropped with a reason, or taken back. */
export class Orders {
  readonly #parts: OrdersParts;
  readonly #failures = new Map<string, number>();
  readonly #refusedSinceMs = new Map<string, number>();

  constructor(parts: OrdersParts) {
    this.#parts = parts;
  }

  /** What is still to be done; what has come about is struck. */
  due(snapshot: Snapshot): readonly Order[] {
    this.#noteEmptyDrains(snapshot);
    const { trials } = this.#parts;
    const asked = [...this.#dueMoves(snapshot), ...this.#dueSwitches(snapshot), ...trials.due(snapshot)];
    this.#forgetAllBut(this.#wanted());
    return [...asked, ...this.#dueReturns(snapshot)];
  }

  /** What the rules forbid now they may allow soon: after a restart nothing is known of anybody at first. */
  judged(decisions: readonly Decision[], atMs: number): void {
    for (const { refusal, changes, because } of decisions) {
      if (refusal !== undefined) this.#tellTrials(changes, refusal.because);
      if (because !== BY_PERSON) continue;
      for (const change of changes) {
        const subject = subjectOf(change);
        const sinceMs = this.#refusedSinceMs.get(subject) ?? atMs;
        if (refusal === undefined) this.#refusedSinceMs.delete(subject);
        else if (atMs - sinceMs > LONGEST_REFUSED_MS) this.#drop(change, refusal.because);
        else this.#refusedSinceMs.set(subject, sinceMs);
      }
    }
  }

  /** Whether persons have asked for this, in whatever mode Drover is. */
  isOrdered(decision: Decision): boolean {
    if (!isAccepted(decision)) return false;
    if (decision.policy === OPERATOR) return !decision.changes.some((change) => this.#isOwnTrial(change));
    const { drains, trials } = this.#parts.notebook;
    const isLeaving = (change: Change) =>
      change.kind === 'move' && (drains.has(change.from) || trials.get(change.from)?.byPerson === true);
    return decision.phase === 'repair' && decision.changes.some(isLeaving);
  }

  stepEnded({ step: { change }, state, because }: StepStatus): void {
    if (state === 'failed') this.#tellTrials([change], because);
    if (state !== 'failed' || !this.#isWanted(change)) return;
    const subject = subjectOf(change);
    const failures = (this.#failures.get(subject) ?? 0) + 1;
    this.#failures.set(subject, failures);
    if (failures >= MOST_FAILURES) this.#drop(change, `it failed ${failures} times: ${because}`);
  }

  #dueMoves({ hosts, vms, flights }: Snapshot): Order[] {
    const { moves } = this.#parts.notebook;
    const flying = new Set(flights.map(({ vm }) => vm));
    return moves.entries.flatMap(([id, { to }]) => {
      const vm = vms.index.get(id);
      const from = vm === undefined ? undefined : hosts.ids[vms.host[vm]!]!;
      if (from === undefined || from === to) moves.strike(id);
      if (from === undefined || from === to || flying.has(id)) return [];
      return [{ change: { kind: 'move', vm: id, from, to }, because: BY_PERSON }];
    });
  }

  #dueSwitches({ hosts }: Snapshot): Order[] {
    const { switches } = this.#parts.notebook;
    return switches.entries.flatMap(([id, { to }]) => {
      const host = hosts.index.get(id);
      const power = host === undefined ? SUSPECT : hosts.power[host]!;
      if (power === SUSPECT || power === (to === 'on' ? ON : OFF)) switches.strike(id);
      else if (power !== (to === 'on' ? BOOTING : SHUTTING_DOWN))
        return [{ change: { kind: 'power', host: id, to }, because: BY_PERSON }];
      return [];
    });
  }

  /** What is being worked on, or was asked for otherwise, is left alone. */
  #dueReturns({ hosts }: Snapshot): Order[] {
    const { notebook, isEverythingWanted } = this.#parts;
    if (!isEverythingWanted()) return [];
    return notebook.asleep.subjects.flatMap((id) => {
      const host = hosts.index.get(id);
      const isOff = host !== undefined && hosts.power[host] === OFF && hosts.maintenance[host] !== 1;
      if (!isOff || notebook.switches.has(id) || notebook.trials.has(id)) return [];
      return [{ change: { kind: 'power', host: id, to: 'on' }, because: BY_CALENDAR, isReturn: true }];
    });
  }

  /** Drover thought of it by itself. What it has put to sleep for that has to come back in any mode. */
  #isOwnTrial(change: Change): boolean {
    if (change.kind === 'move' || change.to === 'on') return false;
    const { trials, switches } = this.#parts.notebook;
    return trials.get(change.host)?.byPerson === false && switches.get(change.host)?.to !== 'off';
  }

  #tellTrials(changes: readonly Change[], because: string): void {
    for (const change of changes) if (change.kind === 'power') this.#parts.trials.refused(change.host, because);
  }

  #isWanted(change: Change): boolean {
    const { moves, switches } = this.#parts.notebook;
    if (change.kind === 'move') return moves.get(change.vm)?.to === change.to;
    return switches.get(change.host)?.to === change.to;
  }

  #drop(change: Change, because: string): void {
    const { notebook, log } = this.#parts;
    if (change.kind === 'move') notebook.moves.strike(change.vm);
    else notebook.switches.strike(change.host);
    this.#failures.delete(subjectOf(change));
    this.#refusedSinceMs.delete(subjectOf(change));
    log.warn(`the order ${changeWords(change)} is dropped: ${because}`);
  }

  #wanted(): ReadonlySet<string> {
    const { moves, switches } = this.#parts.notebook;
    return new Set([...moves.entries, ...switches.entries].map(([id, { to }]) => `${id} ${to}`));
  }

  /** Whoever asks for the same again later has all the tries that there are. */
  #forgetAllBut(wanted: ReadonlySet<string>): void {
    for (const known of [this.#failures, this.#refusedSinceMs])
      for (const subject of known.keys()) if (!wanted.has(subject)) known.delete(subject);
  }

  #noteEmptyDrains(snapshot: Snapshot): void {
    const { notebook, log } = this.#parts;
    for (const [id, note] of notebook.drains.entries) {
      const host = snapshot.hosts.index.get(id);
      if (note.emptyAtMs !== null || host === undefined || !isEmpty(snapshot, host)) continue;
      notebook.drains.write(id, { ...note, emptyAtMs: snapshot.atMs });
      const took = spanWords(Math.max(0, snapshot.atMs - note.sinceMs));
      log.info(`${id} is empty after ${took} of draining; ${spanWords(note.expectedMs)} were expected`);
    }
  }
}

const subjectOf = (change: Change): string => `${change.kind === 'move' ? change.vm : change.host} ${change.to}`;
