import type { Change, Move, PowerSwitch } from '../domain/change.ts';
import type { Phase } from '../domain/decision.ts';
import type { HostId } from '../domain/host.ts';
import type { Step } from '../domain/plan.ts';
import { ON } from '../domain/power.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { spanWords } from '../domain/words.ts';
import { URGENCIES, urgencyOf } from '../plan/urgency.ts';
import { Breakers } from './breakers.ts';
import { DatacenterNow } from './datacenter-now.ts';
import type { Judgement } from './judge.ts';
import { judge } from './judge.ts';
import { otherTarget } from './other-target.ts';
import type { Patience } from './patience.ts';
import { Setbacks } from './setbacks.ts';
import type { How } from './tokens.ts';
import { Tokens } from './tokens.ts';

/** What every step has to pass before it starts: where things are now, tokens, hosts that rest, hosts that are suspect. */
export class Gate {
  readonly now = new DatacenterNow();
  readonly tokens: Tokens;
  readonly suspects = new Set<HostId>();
  readonly setbacks: Setbacks;
  readonly #breakers: Breakers;
  readonly #oldestSightMs: number;
  readonly #switching = new Set<HostId>();

  constructor(limits: Limits, patience: Patience) {
    this.tokens = new Tokens(limits);
    this.setbacks = new Setbacks(patience);
    this.#breakers = new Breakers(patience);
    this.#oldestSightMs = patience.oldestSightMs;
  }

  observe(snapshot: Snapshot): void {
    this.now.observe(snapshot);
    this.tokens.observe(snapshot, this.now.foreignFlights());
  }

  judge({ change, phase }: Step, how: How, nowMs: number): Judgement {
    const circumstances = {
      now: this.now,
      isSuspect: (host: HostId) => this.suspects.has(host),
      isSwitching: (host: HostId) => this.#switching.has(host),
    };
    const judgement = judge(change, circumstances, how);
    if (judgement.kind !== 'start') return judgement;
    const sightMs = nowMs - (this.now.snapshot?.atMs ?? nowMs);
    if (sightMs > this.#oldestSightMs)
      return { kind: 'wait', because: `waits for a new snapshot: the last is ${spanWords(sightMs)} old` };
    const resting = this.#resting(change, phase, nowMs);
    if (resting !== undefined) return { kind: 'wait', because: resting };
    const because = this.tokens.refusal(change, how);
    return because === undefined ? judgement : { kind: 'wait', because, lacks: 'tokens' };
  }

  /** Why a move that was let start must not be commanded after all: it had to wait, and things have changed meanwhile. */
  lapsed({ vm: id, from, to }: Move): string | undefined {
    const { snapshot } = this.now;
    const vm = snapshot?.vms.index.get(id);
    if (snapshot === undefined || vm === undefined) return `${id} is gone`;
    const place = snapshot.hosts.ids[snapshot.vms.host[vm]!];
    if (place !== from) return `${id} is on ${place} and no longer on ${from}`;
    if (this.now.powerOf(to) !== ON) return `${to} is ${this.now.powerWords(to)}`;
    if (this.suspects.has(to)) return `${to} is suspect`;
    return this.now.isKnown(to) ? undefined : this.now.doubtOf(to);
  }

  urgencyOf({ phase, change }: Step): number {
    const { snapshot } = this.now;
    return snapshot === undefined ? URGENCIES.length : urgencyOf(phase, change, snapshot);
  }

  /** Where else a VM may go that only has to leave its host. What a person or a rule wants somewhere goes there or nowhere. */
  otherTarget(step: Step, move: Move): HostId | undefined {
    const { occupancy } = this.now;
    if (occupancy === undefined || this.urgencyOf(step) !== URGENCIES.indexOf('drain')) return undefined;
    const isBarred = (host: HostId) =>
      this.suspects.has(host) || this.#switching.has(host) || this.now.powerOf(host) !== ON;
    return otherTarget(move, occupancy, isBarred);
  }

  moveStarts(move: Move, how: How): void {
    this.tokens.take(move, how);
    this.now.moveStarted(move, how);
  }

  moveEnds(move: Move, arrived: boolean, atMs: number): void {
    this.tokens.giveBack(move);
    this.now.moveEnded(move, arrived, atMs);
  }

  wentWell(move: Move): void {
    this.setbacks.wentWell(move);
    for (const host of [move.from, move.to]) this.#breakers.wentWell(host);
  }

  /** Gives the hosts that rest from now on. */
  failed({ from, to }: Move, nowMs: number): HostId[] {
    return [from, to].filter((host) => this.#breakers.failed(host, nowMs));
  }

  switchStarts(change: PowerSwitch): void {
    this.tokens.take(change, 'live');
    this.#switching.add(change.host);
  }

  switchEnds(change: PowerSwitch, isDone: boolean, atMs: number): void {
    this.tokens.giveBack(change);
    this.#switching.delete(change.host);
    if (isDone) this.now.switched(change, atMs);
  }

  /** A rule that is broken is repaired, and a person obeyed, whatever came of it before. */
  #resting(change: Change, phase: Phase, nowMs: number): string | undefined {
    if (change.kind === 'power') return undefined;
    const setback = phase === 'repair' ? undefined : this.setbacks.refusal(change, nowMs);
    if (setback !== undefined) return setback;
    return this.#breakers.refusal(change.from, nowMs) ?? this.#breakers.refusal(change.to, nowMs);
  }
}
