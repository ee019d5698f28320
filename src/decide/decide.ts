import type { Column } from '../domain/columns.ts';
import { type Decision, type Efficacy, isAccepted, type Verdicts } from '../domain/decision.ts';
import { OFF } from '../domain/power.ts';
import type { Violation } from '../domain/rule.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { HOUR, MINUTE } from '../domain/units.ts';
import { beginAnew } from './begin-anew.ts';
import { chain } from './chain.ts';
import { changePlaces } from './change-places.ts';
import { type DeepBudget, deepen } from './deepen.ts';
import { evacuate } from './evacuate.ts';
import { exchange } from './exchange.ts';
import { nothingTried, type Tried } from './exchange-trial.ts';
import { moveTogether } from './gather.ts';
import { hear } from './hear.ts';
import { bringTogether, settle } from './improve.ts';
import type { DecideInput } from './input.ts';
import { loadsOf } from './loads.ts';
import { type Memory, remember } from './memory.ts';
import { netDecisions } from './net.ts';
import { withoutFaulty } from './policy-fault.ts';
import { prefer } from './prefer.ts';
import { push } from './push.ts';
import { relieve, tellOfSuffering, worstFirst } from './relieve.ts';
import { repack } from './repack.ts';
import { repair } from './repair.ts';
import { Situation } from './situation.ts';
import { tellWhoStaysOn } from './stay-on.ts';
import { swap } from './swap.ts';
import { wakeReserve } from './wake.ts';

export type { DecideInput } from './input.ts';

/**
 * One cycle of decisions: repair, relieve, improve. Pure and deterministic. A policy that fails is left out, and the
 * cycle is decided again without it.
 */
export function decide(input: DecideInput): Verdicts {
  return decideNext(input, undefined).verdicts;
}

/** The same, told what the last cycle left: where little has changed, little is looked at. */
export function decideNext(input: DecideInput, memory: Memory | undefined): { verdicts: Verdicts; memory: Memory } {
  const { result, skipped } = withoutFaulty(input.policies, (policies) => decideWith({ ...input, policies }, memory));
  return { verdicts: { ...result.verdicts, skipped }, memory: result.memory };
}

/** Rules that are broken as things stand. */
export function findViolations(input: DecideInput): readonly Violation[] {
  return new Situation({ ...input, policies: [] }).judge.violations();
}

/**
 * The same with a budget: what the ordinary search has left is searched on, moves that only pay together among them.
 * Never worse than without.
 */
export function decideDeep(input: DecideInput, budget: DeepBudget): Verdicts {
  const plain = decide(input);
  const { result, skipped } = withoutFaulty(input.policies, (policies) =>
    decideWith({ ...input, policies }, undefined, (situation) => deepen(situation, budget)),
  );
  const deep = { ...result.verdicts, skipped };
  const isNoWorse = deep.unrepaired.length <= plain.unrepaired.length && skipped.length <= plain.skipped.length;
  return isNoWorse && worthOf(deep, input) > worthOf(plain, input) ? deep : plain;
}

/** What the decisions save within the horizon, less their price with the margin. */
export function worthOf({ efficacy }: Pick<Verdicts, 'efficacy'>, { profile }: Pick<DecideInput, 'profile'>): number {
  const { costBeforePerHour, costAfterPerHour, onceCost } = efficacy;
  const hours = (profile.horizonMinutes * MINUTE) / HOUR;
  return (costBeforePerHour - costAfterPerHour) * hours - onceCost * profile.margin;
}

type Deepen = (situation: Situation) => void;

function decideWith(
  input: DecideInput,
  memory: Memory | undefined,
  goDeeper?: Deepen,
): { readonly verdicts: Omit<Verdicts, 'skipped'>; readonly memory: Memory } {
  const first = new Situation(input, memory);
  const looked = first.lookedAt;
  const violations = first.judge.violations();
  const before = first.costs.totals.slice();
  const loadsBefore = loadsOf(first.draft);
  const situation = search(first, goDeeper);
  const { terms, totals: after } = situation.costs;
  const decisions = netDecisions(situation.book.decisions, situation.draft, loadsBefore, (term) => {
    return terms.kinds[terms.names.indexOf(term)] ?? 'host';
  });
  const verdicts = {
    snapshotVersion: input.snapshot.version,
    atMs: input.snapshot.atMs,
    decisions,
    violations,
    unrepaired: situation.judge.violations(),
    terms: terms.names.map((term, t) => ({ term, beforePerHour: before[t]!, afterPerHour: after[t]! })),
    efficacy: efficacyOf(situation, decisions, before, after),
    staysOn: tellWhoStaysOn(situation),
    limitsHit: situation.book.limitsHit,
  };
  const isComplete = situation.book.limitsHit.length === 0;
  return { verdicts, memory: remember(situation.input, situation.draft, looked, memory, isComplete) };
}

/** Rounds of searching; in each, one kind of change may have made room for another. */
const MOST_ROUNDS = 24;
/** Looks at what has been decided with the eyes of the next cycle. */
const MOST_LOOKS = 8;
/** Hosts that hurt and are looked at closely, in each round. */
const MOST_CLOSELY = 64;

/**
 * Searches until nothing that pays is left. Unless the fleet is large, it then does what the next cycle would do on the
 * same load, until that is nothing: so the next cycle has nothing to do.
 */
function search(first: Situation, goDeeper?: Deepen): Situation {
  const situation = searched(first, goDeeper);
  if (situation.targets.isSurveyable) lookAhead(situation);
  tellOfSuffering(situation);
  return situation;
}

/** In small fleets, the better one of two searches; the other one begins with what the first has shown to be good. */
function searched(situation: Situation, goDeeper?: Deepen): Situation {
  searchToRest(situation, { goDeeper });
  const anew = situation.targets.isSmall && situation.input.power ? beginAnew(situation) : undefined;
  if (anew === undefined) return situation;
  searchToRest(anew, { keepsHosts: true });
  const isNoWorse = anew.judge.violations().length <= situation.judge.violations().length;
  return isNoWorse && anew.standing() > situation.standing() ? anew : situation;
}

function lookAhead(situation: Situation): void {
  let latest = situation;
  for (let look = 0; latest.book.hasAccepted; look++) {
    if (look === MOST_LOOKS) situation.book.limitsHit.push(`no more than ${MOST_LOOKS} looks ahead per cycle`);
    if (situation.book.limitsHit.length > 0) return;
    latest = searched(latest.afterwards());
    situation.takeOver(latest);
  }
}

interface Course {
  readonly goDeeper?: Deepen | undefined;
  /** The hosts that are on have been held against others already. */
  readonly keepsHosts?: boolean;
}

function searchToRest(situation: Situation, { goDeeper, keepsHosts }: Course): void {
  const { book } = situation;
  repair(situation);
  const tried = keepsHosts ? undefined : nothingTried();
  let deeper = goDeeper;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = book.decisions.length;
    searchOnce(situation, tried, round === 0);
    if (deeper !== undefined && book.decisions.length === before) {
      deeper(situation);
      deeper = undefined;
    }
    if (book.decisions.length === before) return;
    situation.nextRound();
  }
  book.limitsHit.push(`no more than ${MOST_ROUNDS} rounds of searching per cycle`);
}

/** What single moves cannot do. In large fleets, only hosts that hurt are looked at so closely. */
function rearrange(situation: Situation): void {
  const { isSmall, isModest } = situation.targets;
  const hurt = worstFirst(situation, situation.hostsToLookAt()).slice(0, MOST_CLOSELY);
  moveTogether(situation, isSmall ? situation.hostsToLookAt() : hurt);
  if (isSmall) {
    changePlaces(situation);
    push(situation, hurt);
  } else {
    swap(situation, isModest ? situation.hostsToLookAt() : hurt);
    chain(situation, hurt);
  }
}

function searchOnce(situation: Situation, tried: Tried | undefined, hearsPolicies: boolean): void {
  const { power, policies } = situation.input;
  relieve(situation);
  if (power) wakeReserve(situation);
  if (hearsPolicies) for (const policy of policies) hear(situation, policy);
  prefer(situation);
  bringTogether(situation);
  if (power) {
    evacuate(situation);
    if (!situation.targets.isSmall) repack(situation);
    else if (tried !== undefined) exchange(situation, tried);
  }
  settle(situation);
  rearrange(situation);
}

function efficacyOf(
  { book, draft, input }: Situation,
  decisions: readonly Decision[],
  before: Float64Array,
  after: Float64Array,
): Efficacy {
  const accepted = decisions.filter(isAccepted);
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
