import { ON } from '../domain/power.ts';
import { arrange, carryOut, follow, refine, type Step } from './arrangement.ts';
import { easiestFirst } from './evacuate.ts';
import { type Effort, type Question, SIMPLE, SIMPLEST, THOROUGH } from './interchange.ts';
import { Prospects } from './prospects.ts';
import { repair } from './repair.ts';
import type { Situation } from './situation.ts';
import { thinkable } from './thinkable.ts';
import type { Trial } from './trial.ts';

/** Choices of hosts that are tried beside the one at hand, the most hopeful first. */
const MOST_CHOICES = 20;
/** Those are tried too that should miss by no more than this share of all cost: what is hoped for is an estimate. */
const HOPELESS = 0.02;
/** So many of the best arrangements are refined a little, fewer of those some more, and so on. */
const DEPTHS = [
  { most: 6, question: SIMPLEST },
  { most: 3, question: SIMPLE },
  { most: 2, question: THOROUGH },
];
/** Combinations of VMs that are thought over for that. */
const MOST_THOUGHTS = 80_000;

/** Up to so many VMs times hosts, that is done even where the search has found nothing. */
const TINY = 150;

interface Arrangement {
  readonly hosts: readonly number[];
  readonly steps: readonly Step[];
  readonly standing: number;
}

/**
 * What a search decides first keeps it from what would have been better. So in the end the work is arranged once more from
 * where everything is at first, on the hosts that the search has left on, or on one or two others. Gives the situation
 * where that has been decided instead, or undefined where nothing is better.
 */
export function beginAnew(situation: Situation): Situation | undefined {
  const { book, draft } = situation;
  const isTiny = draft.hostOf.length * draft.power.length <= TINY;
  if (book.limitsHit.length > 0 || !(book.hasAccepted || isTiny)) return undefined;
  const fresh = situation.fromTheStart();
  repair(fresh);
  const best = bestArrangement(fresh, choicesOf(situation));
  if (best === undefined || best.standing <= situation.standing() + LEAST_GAIN) return undefined;
  carryOut(fresh, best.steps);
  return fresh;
}

/** Sets of hosts that may do all the work, the one at hand first. */
function choicesOf(situation: Situation): number[][] {
  const { draft, book, costs } = situation;
  const order = easiestFirst(situation);
  const least = -HOPELESS * book.gain(costs.total(), 0);
  const exchanges = thinkable(situation, order, new Prospects(situation), least);
  const on = order.filter((host) => draft.power[host] === ON);
  const others = exchanges.sort((a, b) => b.hope - a.hope).slice(0, MOST_CHOICES);
  return [on, ...others.map(({ exchange }) => [...exchange.on, ...on.filter((host) => !exchange.off.includes(host))])];
}

/** How good an arrangement is at first says little of how good it may become. */
function bestArrangement(situation: Situation, choices: readonly (readonly number[])[]): Arrangement | undefined {
  const effort = { left: MOST_THOUGHTS };
  const arranged = choices.flatMap((hosts) => arrangedOn(situation, hosts) ?? []);
  const refine = (some: readonly Arrangement[], most: number, question: Question) =>
    bestFirst(some)
      .slice(0, most)
      .map((each) => refined(situation, each, effort, question));
  return bestFirst(DEPTHS.reduce((some, { most, question }) => refine(some, most, question), arranged))[0];
}

const bestFirst = (some: readonly Arrangement[]): Arrangement[] => some.toSorted((a, b) => b.standing - a.standing);

function arrangedOn(situation: Situation, hosts: readonly number[]): Arrangement | undefined {
  const trial = situation.trial();
  const steps = arrange(situation, trial, hosts);
  const standing = standingWith(situation, trial);
  trial.undo();
  return steps && { hosts, steps, standing };
}

function refined(situation: Situation, before: Arrangement, effort: Effort, question: Question): Arrangement {
  const { hosts } = before;
  if (effort.left <= 0) return before;
  const trial = situation.trial();
  for (const step of before.steps) follow(trial, step);
  const steps = [...before.steps, ...refine(situation, trial, hosts, effort, question)];
  const standing = standingWith(situation, trial);
  trial.undo();
  return { hosts, steps, standing };
}

function standingWith(situation: Situation, trial: Trial): number {
  return situation.standing() + situation.book.gain(trial.saving(), trial.onceCost);
}

/** In money; less is rounding. */
const LEAST_GAIN = 1e-9;
