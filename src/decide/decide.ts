import type { Column } from '../domain/columns.ts';
import type { Efficacy, Verdicts } from '../domain/decision.ts';
import { OFF } from '../domain/power.ts';
import type { Violation } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { evacuate } from './evacuate.ts';
import { hear } from './hear.ts';
import { bringTogether, settle } from './improve.ts';
import { type Memory, remember } from './memory.ts';
import { relieve, tellOfSuffering } from './relieve.ts';
import { repair } from './repair.ts';
import { type DecideInput, Situation } from './situation.ts';
import { PolicyFault } from './terms.ts';
import { wakeReserve } from './wake.ts';

export type { DecideInput } from './situation.ts';

/**
 * One cycle of decisions: repair, relieve, improve. Pure and deterministic. A policy that fails is left out, and the
 * cycle is decided again without it.
 */
export function decide(input: DecideInput): Verdicts {
  return decideNext(input, undefined).verdicts;
}

/** The same, told what the last cycle left: where little has changed, little is looked at. */
export function decideNext(input: DecideInput, memory: Memory | undefined): { verdicts: Verdicts; memory: Memory } {
  const skipped: { policy: string; because: string }[] = [];
  let policies = input.policies;
  for (;;) {
    try {
      const { verdicts, memory: next } = decideWith({ ...input, policies }, memory);
      return { verdicts: { ...verdicts, skipped }, memory: next };
    } catch (thrown) {
      if (!(thrown instanceof PolicyFault)) throw thrown;
      skipped.push({ policy: thrown.policy, because: thrown.message });
      policies = policies.filter(({ policy }) => policy.id !== thrown.policy);
    }
  }
}

/** Rules that are broken as things stand. */
export function findViolations(input: DecideInput): readonly Violation[] {
  return new Situation({ ...input, policies: [] }).judge.violations();
}

function decideWith(
  input: DecideInput,
  memory: Memory | undefined,
): { readonly verdicts: Omit<Verdicts, 'skipped'>; readonly memory: Memory } {
  const situation = new Situation(input, memory);
  const looked = situation.lookedAt;
  const violations = situation.judge.violations();
  const before = situation.costs.totals.slice();
  search(situation);
  const { terms, totals: after } = situation.costs;
  const verdicts = {
    snapshotVersion: input.snapshot.version,
    atMs: input.snapshot.atMs,
    decisions: situation.book.decisions,
    violations,
    unrepaired: situation.judge.violations(),
    terms: terms.names.map((term, t) => ({ term, beforePerHour: before[t]!, afterPerHour: after[t]! })),
    efficacy: efficacyOf(situation, before, after),
    limitsHit: situation.book.limitsHit,
  };
  return { verdicts, memory: remember(situation.input, situation.draft, looked, memory) };
}

/** Rounds of searching; in each, one kind of change may have made room for another. */
const MOST_ROUNDS = 12;

/** Searches until nothing that pays is left, so that the next cycle on the same load has nothing to do. */
function search(situation: Situation): void {
  const { book } = situation;
  repair(situation);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = book.decisions.length;
    searchOnce(situation, round === 0);
    if (book.decisions.length === before) break;
    situation.nextRound();
    if (round === MOST_ROUNDS - 1) book.limitsHit.push(`no more than ${MOST_ROUNDS} rounds of searching per cycle`);
  }
  tellOfSuffering(situation);
}

function searchOnce(situation: Situation, isFirst: boolean): void {
  const { power, policies } = situation.input;
  relieve(situation);
  if (power) wakeReserve(situation);
  if (isFirst) for (const policy of policies) hear(situation, policy);
  bringTogether(situation);
  if (power) evacuate(situation);
  settle(situation);
}

function efficacyOf({ book, draft, input }: Situation, before: Float64Array, after: Float64Array): Efficacy {
  const accepted = book.decisions.filter((decision) => decision.refusal === undefined);
  const changes = accepted.flatMap((decision) => decision.changes);
  const switched = (to: 'on' | 'off') => changes.filter((change) => change.kind === 'power' && change.to === to).length;
  const moves = changes.filter((change) => change.kind === 'move');
  const hostsOnBefore = hostsUp(input.snapshot.hosts.power);
  return {
    costBeforePerHour: before.reduce((sum, term) => sum + term, 0),
    costAfterPerHour: after.reduce((sum, term) => sum + term, 0),
    onceCost: book.onceCost,
    moves: moves.length,
    switchedOn: switched('on'),
    switchedOff: switched('off'),
    hostsOnBefore,
    hostsOnAfter: hostsUp(draft.power),
    bytesToCopy: moves.reduce((sum, { vm }) => sum + memoryOf(input.snapshot, vm), 0),
  };
}

function hostsUp(power: Column): number {
  return Array.from(power).filter((state) => state !== OFF).length;
}

function memoryOf({ vms }: Snapshot, id: string): number {
  return vms.memoryActiveBytes[vms.index.get(id)!]!;
}
