import { OFF, ON } from '../domain/power.ts';
import { bestTarget } from './best-move.ts';
import { changesOf } from './book.ts';
import { payingDeparturesFrom } from './departures.ts';
import { emptyOut } from './empty-out.ts';
import { easiestFirst, mayBeSwitchedOff } from './evacuate.ts';
import { type Effort, interchange, type Question } from './interchange.ts';
import { type Loads, loadsOf } from './loads.ts';
import { groupWords } from './net.ts';
import { packAnew } from './packing.ts';
import type { Situation } from './situation.ts';
import { squeeze } from './squeeze.ts';
import type { Trial, TrialMove } from './trial.ts';

/** Changes of an arrangement that belong together. */
export interface Step {
  readonly on: readonly number[];
  readonly moves: readonly TrialMove[];
  readonly off: readonly number[];
}

/**
 * All the work on these hosts and no others, found from where everything is at first: hosts that are not among them are
 * emptied, and then every move is made that pays. Undefined where there is no room or a host has to stay on; the trial is then to be undone.
 */
export function arrange(situation: Situation, trial: Trial, hosts: readonly number[]): Step[] | undefined {
  const { draft, reserve } = situation;
  const steps: Step[] = [];
  const leaving = easiestFirst(situation).filter((host) => draft.power[host] === ON && !hosts.includes(host));
  const on = hosts.filter((host) => draft.power[host] === OFF);
  for (const host of on) trial.switch(host, 'on', ON);
  if (on.length > 0) steps.push({ on, moves: [], off: [] });
  for (const host of leaving) {
    const first = trial.moves.length;
    if (!mayBeSwitchedOff(situation, host) || !clear(situation, trial, host, hosts)) return undefined;
    trial.switch(host, 'off', OFF);
    steps.push({ on: [], moves: trial.moves.slice(first), off: [host] });
  }
  if (reserve.shortage() !== undefined) return undefined;
  const emptied = trial.moves.length;
  moveWhatPays(situation, trial, hosts);
  return [...steps, ...stepsOf(trial, emptied)];
}

/** One VM after the other; where that leads nowhere, by trial and error; and else everyone anew. */
function clear(situation: Situation, trial: Trial, host: number, hosts: readonly number[]): boolean {
  const stage = trial.stage();
  if (emptyOut(situation, trial, host, hosts) !== undefined) return true;
  trial.backTo(stage);
  if (squeeze(situation, trial, host, hosts)) return true;
  trial.backTo(stage);
  return packAnew(situation, trial, host, hosts);
}

/** All changes of place that pay after what the trial has done so far. */
export function refine(
  situation: Situation,
  trial: Trial,
  hosts: readonly number[],
  effort: Effort,
  question: Question,
): Step[] {
  const done = interchange(situation, trial, hosts, effort, { ...question, changed: hosts });
  return done.map((moves) => ({ on: [], moves, off: [] }));
}

/** Why what a trial has changed is decided, told from it and from the loads before. */
type Tell = (situation: Situation, trial: Trial, before: Loads) => string;

/** Step by step, each as a decision of its own or together with the next ones, until they pay. */
export function carryOut(situation: Situation, steps: readonly Step[], tell: Tell = groupWordsOf): void {
  const { book, draft } = situation;
  let trial = situation.trial();
  let loads = loadsOf(draft);
  for (const step of steps) {
    follow(trial, step);
    if (!book.pays(trial.saving(), trial.onceCost)) continue;
    if (!book.hasRoomFor(trial.netMoves().length + trial.switches.length)) break;
    situation.accept(trial, { phase: 'improve', because: tell(situation, trial, loads) });
    trial = situation.trial();
    loads = loadsOf(draft);
  }
  trial.undo();
}

export function follow(trial: Trial, { on, moves, off }: Step): void {
  for (const host of on) trial.switch(host, 'on', ON);
  for (const { vm, to } of moves) trial.move(vm, to);
  for (const host of off) trial.switch(host, 'off', OFF);
}

export function groupWordsOf(situation: Situation, trial: Trial, loads: Loads): string {
  const { terms } = situation.costs;
  const changes = trial.termChanges();
  const main = changes.indexOf(Math.min(...changes));
  return groupWords(changesOf(trial, situation.draft.snapshot), situation.draft, loads, terms.kinds[main] ?? 'host');
}

function stepsOf({ moves }: Trial, first: number): Step[] {
  return moves.slice(first).map((move) => ({ on: [], moves: [move], off: [] }));
}

function moveWhatPays(situation: Situation, trial: Trial, hosts: readonly number[]): void {
  for (const host of hosts) {
    for (const { vm } of payingDeparturesFrom(situation, host)) {
      const best = bestTarget(situation, vm, hosts);
      if (best !== undefined && situation.book.pays(best.savingPerHour, best.onceCost)) trial.move(vm, best.to);
    }
  }
}
