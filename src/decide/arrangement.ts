import { OFF, ON } from '../domain/power.ts';
import { bestTarget } from './best-move.ts';
import { chainOnTrial } from './chain.ts';
import { payingDeparturesFrom } from './departures.ts';
import { emptyOut } from './empty-out.ts';
import { easiestFirst, mayBeSwitchedOff } from './evacuate.ts';
import type { Situation } from './situation.ts';
import { squeeze } from './squeeze.ts';
import { swapOnTrial } from './swap.ts';
import type { Trial, TrialMove } from './trial.ts';

/** Rounds of swaps, chains and moves; in each, one may have made room for another. */
const MOST_ROUNDS = 2;

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
  return [...steps, ...stepsOf(trial, emptied, 1)];
}

/** One VM after the other; where that leads nowhere, by trial and error. */
function clear(situation: Situation, trial: Trial, host: number, hosts: readonly number[]): boolean {
  const stage = trial.stage();
  if (emptyOut(situation, trial, host, hosts) !== undefined) return true;
  trial.backTo(stage);
  return squeeze(situation, trial, host, hosts);
}

/** Swaps, chains and moves that pay after what the trial has done so far, until there are none. */
export function refine(situation: Situation, trial: Trial, hosts: readonly number[]): Step[] {
  const steps: Step[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = trial.moves.length;
    swapOnTrial(situation, trial, hosts);
    chainOnTrial(situation, trial, hosts);
    steps.push(...stepsOf(trial, before, 2));
    const moved = trial.moves.length;
    moveWhatPays(situation, trial, hosts);
    steps.push(...stepsOf(trial, moved, 1));
    if (trial.moves.length === before) break;
  }
  return steps;
}

function stepsOf({ moves }: Trial, first: number, atOnce: number): Step[] {
  const steps: Step[] = [];
  for (let at = first; at < moves.length; at += atOnce) {
    steps.push({ on: [], moves: moves.slice(at, at + atOnce), off: [] });
  }
  return steps;
}

function moveWhatPays(situation: Situation, trial: Trial, hosts: readonly number[]): void {
  for (const host of hosts) {
    for (const { vm } of payingDeparturesFrom(situation, host)) {
      const best = bestTarget(situation, vm, hosts);
      if (best !== undefined && situation.book.pays(best.savingPerHour, best.onceCost)) trial.move(vm, best.to);
    }
  }
}
