import { estimateOf } from '../contest/estimate.ts';
import { frontOf, type Round, ranked, roundsFor, type Scored } from '../contest/halving.ts';
import { type Knob, turned } from '../contest/knobs.ts';
import type { Run } from '../contest/run.ts';
import { seededRandom } from '../simulator/random.ts';
import type { Scenario } from '../simulator/scenario.ts';
import type { Contender, Job } from '../wiring/virtual/run-contender.ts';
import { type Ending, isEnding } from './io.ts';

export interface TuningWish {
  readonly scenario: Scenario;
  readonly knobs: readonly Knob[];
  readonly candidates: number;
  readonly fitSeeds: readonly number[];
  /** Never looked at while it is searched. */
  readonly heldOutSeeds: readonly number[];
  readonly contenderFrom: (words: string) => Promise<Contender | Ending>;
  readonly runAll: (jobs: readonly Job[], what: string) => Promise<Run[] | Ending>;
}

export interface Figures {
  readonly cost: number;
  readonly energyKwh: number;
  readonly starvedCoreHours: number;
  readonly migrations: number;
}

export interface Tuned {
  readonly words: string;
  readonly fit: Figures;
  readonly heldOut: Figures;
  /** None of the others is as good in everything and better in something, on the seeds that were held out. */
  readonly isOnFront: boolean;
}

/** What is usual is a candidate like any other, but one that is never dropped: the rest is held against it. */
const USUAL = 'usual';

/**
 * Successive halving on the fit seeds, and a last judgement on those that were held out. Who is on the front of a round
 * goes on even where that is more than half: what is looked for is what can be had for what, and not a single best.
 */
export async function tune(wish: TuningWish): Promise<Tuned[] | Ending> {
  const rounds = roundsFor(wish.candidates, wish.fitSeeds.length);
  let words = candidatesOf(wish);
  let onFront = 0;
  const fit = new Map<string, Figures>();
  for (const [index, round] of rounds.entries()) {
    const kept = words.slice(0, Math.max(round.candidates, onFront));
    const seeds = wish.fitSeeds.slice(0, round.seeds);
    const what = `round ${index + 1} of ${rounds.length}: ${kept.length} candidates`;
    const figures = await figuresOf(withUsual(kept), seeds, what, wish);
    if (isEnding(figures)) return figures;
    for (const [each, found] of figures) fit.set(each, found);
    const found = kept.map((each) => scored(each, figures.get(each)!));
    words = ranked(found).map((each) => each.words);
    onFront = frontOf(found).length;
  }
  const finalists = withUsual(words.slice(0, Math.max(finalistsOf(rounds), onFront)));
  const heldOut = await figuresOf(finalists, wish.heldOutSeeds, 'held-out seeds', wish);
  if (isEnding(heldOut)) return heldOut;
  const front = frontOf(finalists.map((each) => scored(each, heldOut.get(each)!))).map((each) => each.words);
  return finalists
    .map((each) => ({
      words: each,
      fit: fit.get(each)!,
      heldOut: heldOut.get(each)!,
      isOnFront: front.includes(each),
    }))
    .toSorted((a, b) => a.heldOut.energyKwh - b.heldOut.energyKwh);
}

const finalistsOf = (rounds: readonly Round[]): number => rounds.at(-1)!.candidates;

const withUsual = (words: readonly string[]): string[] => [...new Set([USUAL, ...words])];

/** Different ones, as far as the knobs give any. */
function candidatesOf({ knobs, candidates, fitSeeds }: TuningWish): string[] {
  const random = seededRandom(fitSeeds[0]!);
  const found = new Set([USUAL]);
  for (let tries = 0; found.size < candidates && tries < 100 * candidates; tries++) found.add(turned(knobs, random));
  return [...found];
}

async function figuresOf(
  words: readonly string[],
  seeds: readonly number[],
  what: string,
  { scenario, contenderFrom, runAll }: TuningWish,
): Promise<Map<string, Figures> | Ending> {
  const jobs: Job[] = [];
  for (const each of words) {
    const contender = await contenderFrom(each);
    if (isEnding(contender)) return contender;
    jobs.push(...seeds.map((seed) => ({ contender, scenario, seed })));
  }
  const runs = await runAll(jobs, what);
  if (isEnding(runs)) return runs;
  return new Map(words.map((each) => [each, meansOf(runs.filter(({ contender }) => contender === each))]));
}

function meansOf(runs: readonly Run[]): Figures {
  const mean = (of: (run: Run) => number) => estimateOf(runs.map(of)).mean;
  return {
    cost: mean(({ kpis }) => kpis.cost),
    energyKwh: mean(({ kpis }) => kpis.energyKwh),
    starvedCoreHours: mean(({ kpis }) => kpis.starvedCoreHours),
    migrations: mean(({ kpis }) => kpis.migrations),
  };
}

const scored = (words: string, { cost, energyKwh, starvedCoreHours, migrations }: Figures): Scored => ({
  words,
  cost,
  objectives: [energyKwh, starvedCoreHours, migrations],
});
