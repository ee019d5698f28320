import { OFF, ON } from '../domain/power.ts';
import { arrange, refine, type Step } from './arrangement.ts';
import { changesOf } from './book.ts';
import { easiestFirst } from './evacuate.ts';
import { type Loads, loadsOf } from './loads.ts';
import { groupWords } from './net.ts';
import { Prospects } from './prospects.ts';
import { repair } from './repair.ts';
import type { Situation } from './situation.ts';
import { thinkable } from './thinkable.ts';
import type { Trial } from './trial.ts';

/** Choices of hosts that are tried beside the one at hand, the most hopeful first. */
const MOST_CHOICES = 20;
/** Those are tried too that should miss by no more than this share of all cost: what is hoped for is an estimate. */
const HOPELESS = 0.02;
/** What is so far from the best, as a share of all cost, before it is refined is not refined. */
const FAR_OFF = 0.01;
/** To arrange, places are compared for VMs; to refine, VMs with each other: so many comparisons in a cycle. */
const MOST_COMPARISONS = 10_000;

interface Arrangement {
  readonly steps: readonly Step[];
  readonly standing: number;
}

/**
 * What a search decides first keeps it from what would have been better. So in the end the work is arranged once more from
 * where everything is at first, on the hosts that the search has left on, or on one or two others. Gives the situation
 * where that has been decided instead, or undefined where nothing is better.
 */
export function beginAnew(situation: Situation): Situation | undefined {
  const { book } = situation;
  if (!book.hasAccepted || book.limitsHit.length > 0) return undefined;
  const fresh = situation.fromTheStart();
  repair(fresh);
  const best = bestArrangement(fresh, choicesOf(situation), situation.standing());
  if (best === undefined) return undefined;
  carryOut(fresh, best.steps);
  return fresh;
}

/** Sets of hosts that may do all the work, the one at hand first. */
function choicesOf(situation: Situation): number[][] {
  const { draft, book, costs } = situation;
  const order = easiestFirst(situation);
  const least = -HOPELESS * book.gain(costs.total(), 0);
  const exchanges = thinkable(situation, order, new Prospects(situation)).filter(({ hope }) => hope > least);
  const on = order.filter((host) => draft.power[host] === ON);
  const others = exchanges.sort((a, b) => b.hope - a.hope).slice(0, MOST_CHOICES);
  return [on, ...others.map(({ exchange }) => [...exchange.on, ...on.filter((host) => !exchange.off.includes(host))])];
}

function bestArrangement(
  situation: Situation,
  choices: readonly (readonly number[])[],
  standing: number,
): Arrangement | undefined {
  const { book, costs, draft } = situation;
  const farOff = FAR_OFF * book.gain(costs.total(), 0);
  const vms = draft.hostOf.length;
  let best: Arrangement | undefined;
  let comparisons = 0;
  for (const hosts of choices) {
    if (comparisons > MOST_COMPARISONS) break;
    comparisons += vms * hosts.length;
    const known = best?.standing ?? standing;
    const trial = situation.trial();
    const steps = arrange(situation, trial, hosts);
    const standingWith = () => situation.standing() + book.gain(trial.saving(), trial.onceCost);
    const lack = steps === undefined ? Number.POSITIVE_INFINITY : known - standingWith();
    if (steps !== undefined && lack < farOff && Math.abs(lack) > LEAST_GAIN) {
      comparisons += vms ** 2;
      steps.push(...refine(situation, trial, hosts));
      const after = standingWith();
      if (after > known + LEAST_GAIN) best = { steps, standing: after };
    }
    trial.undo();
  }
  return best;
}

/** In money; less is rounding. */
const LEAST_GAIN = 1e-9;

/** Step by step, each as a decision of its own or together with the next ones, until they pay. */
function carryOut(situation: Situation, steps: readonly Step[]): void {
  const { book, draft } = situation;
  let trial = situation.trial();
  let loads = loadsOf(draft);
  for (const { on, moves, off } of steps) {
    for (const host of on) trial.switch(host, 'on', ON);
    for (const { vm, to } of moves) trial.move(vm, to);
    for (const host of off) trial.switch(host, 'off', OFF);
    if (!book.pays(trial.saving(), trial.onceCost)) continue;
    if (!book.hasRoomFor(trial.netMoves().length + trial.switches.length)) break;
    situation.accept(trial, { phase: 'improve', because: words(situation, trial, loads) });
    trial = situation.trial();
    loads = loadsOf(draft);
  }
  trial.undo();
}

function words(situation: Situation, trial: Trial, loads: Loads): string {
  const { terms } = situation.costs;
  const changes = trial.termChanges();
  const main = changes.indexOf(Math.min(...changes));
  return groupWords(changesOf(trial, situation.draft.snapshot), situation.draft, loads, terms.kinds[main] ?? 'host');
}
