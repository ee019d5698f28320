import type { DecideInput } from '../decide/input.ts';
import type { Order } from '../decide/ordered.ts';
import { Situation } from '../decide/situation.ts';
import type { HostId } from '../domain/host.ts';
import { OFF, ON, POWER_STATES, SHUTTING_DOWN, SUSPECT } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { HOUR, MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { Log } from '../ports/log.ts';
import { isEmpty } from './emptiness.ts';
import type { Notebook, TrialNote } from './notebook.ts';
import type { Outlook } from './outlook.ts';

/** A host that could not be emptied and switched off by then is left alone. */
const GIVE_UP_MS = HOUR;
/** Between two that Drover thinks of by itself, or thinks about. */
const PAUSE_MS = 10 * MINUTE;

export interface TrialsParts {
  readonly notebook: Notebook;
  readonly log: Log;
  readonly outlook: Outlook;
}

/**
 * Proof that a host comes back, before anything relies on it: it is emptied, switched off and switched on again, one
 * stage in each cycle. How far that has come is in the notebook, so that no host stays off for a trial that was forgotten.
 */
export class Trials {
  readonly #parts: TrialsParts;
  /** Why a host on trial was last not switched off. */
  readonly #staysOnBecause = new Map<HostId, string>();
  /** Seen on at the last look, without Drover having switched them on. */
  readonly #backUnasked = new Set<HostId>();
  #thoughtAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: TrialsParts) {
    this.#parts = parts;
  }

  /** What the trials under way need next. */
  due(snapshot: Snapshot): Order[] {
    return this.#parts.notebook.trials.entries.flatMap(([id, note]) => {
      const host = snapshot.hosts.index.get(id);
      const power = host === undefined ? SUSPECT : snapshot.hosts.power[host]!;
      if (host === undefined || power === SUSPECT)
        return this.#end(id, `${id} is not tried out any more: it is suspect`);
      if (note.stage === 'waking' || power === OFF || power === SHUTTING_DOWN) return this.#wake(id, note, power);
      if (snapshot.atMs - note.sinceMs > GIVE_UP_MS)
        return this.#end(id, `${id} ${this.#lateWords(id, isEmpty(snapshot, host))} and is not tried out`);
      return power === ON && isEmpty(snapshot, host) ? [switching(id, 'off')] : [];
    });
  }

  /** Whoever refused it, rules or the last look. */
  refused(host: HostId, because: string): void {
    if (this.#parts.notebook.trials.has(host)) this.#staysOnBecause.set(host, because);
  }

  begin(host: HostId, atMs: number, byPerson: boolean): void {
    this.#parts.notebook.trials.write(host, { stage: 'emptying', sinceMs: atMs, byPerson });
    this.#parts.log.info(`${host} is tried out: it is emptied, switched off and on again, to see that it comes back`);
  }

  /** When all is calm: begins with the next host that nobody has seen come back, if one can be spared. */
  think(input: DecideInput): void {
    const { atMs, hosts } = input.snapshot;
    if (this.#parts.notebook.trials.size > 0 || atMs - this.#thoughtAtMs < PAUSE_MS) return;
    const unproven = hosts.ids.filter((_, host) => hosts.provenToWake[host] !== 1 && hosts.power[host] === ON);
    if (unproven.length === 0) return;
    this.#thoughtAtMs = atMs;
    const { draft } = new Situation({ ...input, policies: [] });
    const { index } = draft.snapshot.hosts;
    const vms = (id: HostId) => draft.vmCount[index.get(id)!]!;
    const [emptiest] = unproven.sort((a, b) => vms(a) - vms(b)).filter((id) => notNowBecause(input, id) === undefined);
    if (emptiest === undefined || !this.#parts.outlook(input, emptiest).isFeasible) return;
    this.begin(emptiest, atMs, false);
  }

  #wake(id: HostId, note: TrialNote, power: number): Order[] {
    const { notebook, log } = this.#parts;
    if (note.stage !== 'waking') notebook.trials.write(id, { ...note, stage: 'waking' });
    if (power === OFF) return [switching(id, 'on')];
    if (power !== ON) return [];
    if (!notebook.proofs.has(id)) return this.#cameBackUnasked(id, note);
    notebook.trials.strike(id);
    this.#backUnasked.delete(id);
    this.#staysOnBecause.delete(id);
    log.info(`${id} went off and came back: from now on it may be switched off`);
    return [];
  }

  /** Whoever waits for it tells a moment later than the snapshot; whom somebody else woke has not shown that Drover can. */
  #cameBackUnasked(id: HostId, note: TrialNote): Order[] {
    const { notebook, log } = this.#parts;
    if (!this.#backUnasked.delete(id)) this.#backUnasked.add(id);
    else {
      notebook.trials.write(id, { ...note, stage: 'emptying' });
      log.info(`${id} came back, but not because Drover switched it on: it is tried out once more`);
    }
    return [];
  }

  #lateWords(id: HostId, isNowEmpty: boolean): string {
    const within = `within ${spanWords(GIVE_UP_MS)}`;
    const because = this.#staysOnBecause.get(id);
    if (!isNowEmpty) return `could not be emptied ${within}`;
    return `is empty, was not switched off ${within}${because === undefined ? '' : ` (${because})`}`;
  }

  #end(id: HostId, sentence: string): [] {
    this.#staysOnBecause.delete(id);
    this.#backUnasked.delete(id);
    this.#parts.notebook.trials.strike(id);
    this.#parts.log.warn(sentence);
    return [];
  }
}

function switching(host: HostId, to: 'on' | 'off'): Order {
  const because = to === 'off' ? 'a trial: nobody has seen it come back yet' : 'a trial: now it has to come back';
  return { change: { kind: 'power', host, to }, because, isReturn: to === 'on' };
}

/** Why the host cannot be spared for a trial, VMs on it apart. */
export function notNowBecause(input: DecideInput, host: HostId): string | undefined {
  const { snapshot } = input;
  const provenToWake = new Uint8Array(snapshot.hosts.ids.length).fill(1);
  const asIfProven = { ...snapshot, hosts: { ...snapshot.hosts, provenToWake } };
  const { draft, judge, reserve } = new Situation({ ...input, snapshot: asIfProven, policies: [] });
  const index = draft.snapshot.hosts.index.get(host)!;
  const power = draft.power[index]!;
  if (power !== ON) return `${host} is ${POWER_STATES[power]}`;
  return (judge.staysOnBecause(index) ?? reserve.refusal(index))?.because;
}
