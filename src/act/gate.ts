import type { Change, Move, PowerSwitch } from '../domain/change.ts';
import type { HostId } from '../domain/host.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { Breakers } from './breakers.ts';
import { DatacenterNow } from './datacenter-now.ts';
import type { Judgement } from './judge.ts';
import { judge } from './judge.ts';
import type { Patience } from './patience.ts';
import type { How } from './tokens.ts';
import { Tokens } from './tokens.ts';

/** What every step has to pass before it starts: where things are now, tokens, hosts that rest, hosts that are suspect. */
export class Gate {
  readonly now = new DatacenterNow();
  readonly tokens: Tokens;
  readonly suspects = new Set<HostId>();
  readonly #breakers: Breakers;
  readonly #switching = new Set<HostId>();

  constructor(limits: Limits, patience: Patience) {
    this.tokens = new Tokens(limits);
    this.#breakers = new Breakers(patience);
  }

  observe(snapshot: Snapshot): void {
    this.now.observe(snapshot);
    this.tokens.observe(snapshot, this.now.foreignFlights());
  }

  judge(change: Change, nowMs: number, how: How = 'live'): Judgement {
    const judgement = judge(change, {
      now: this.now,
      isSuspect: (host) => this.suspects.has(host),
      isSwitching: (host) => this.#switching.has(host),
    });
    if (judgement.kind !== 'start') return judgement;
    const because = this.#resting(change, nowMs) ?? this.tokens.refusal(change, how);
    return because === undefined ? judgement : { kind: 'wait', because };
  }

  moveStarts(move: Move, how: How = 'live'): void {
    this.tokens.take(move, how);
    this.now.moveStarted(move);
  }

  moveEnds(move: Move, arrived: boolean, atMs: number): void {
    this.tokens.giveBack(move);
    this.now.moveEnded(move, arrived, atMs);
  }

  wentWell({ from, to }: Move): void {
    for (const host of [from, to]) this.#breakers.wentWell(host);
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

  #resting(change: Change, nowMs: number): string | undefined {
    if (change.kind === 'power') return undefined;
    return this.#breakers.refusal(change.from, nowMs) ?? this.#breakers.refusal(change.to, nowMs);
  }
}
