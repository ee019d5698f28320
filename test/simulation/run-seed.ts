import { MINUTE, SECOND } from '../../src/domain/units.ts';
import type { Checker, Scene } from './checkers/checker.ts';
import { limits } from './checkers/limits.ts';
import { modes } from './checkers/modes.ts';
import { once } from './checkers/once.ts';
import { patience } from './checkers/patience.ts';
import { places } from './checkers/places.ts';
import { promises } from './checkers/promises.ts';
import { proof } from './checkers/proof.ts';
import { replay } from './checkers/replay.ts';
import { reserve } from './checkers/reserve.ts';
import { rest } from './checkers/rest.ts';
import { rules } from './checkers/rules.ts';
import { steps } from './checkers/steps.ts';
import { suspects } from './checkers/suspects.ts';
import { switchingOff } from './checkers/switching-off.ts';
import { unknown } from './checkers/unknown.ts';
import { watch } from './checkers/watch.ts';
import { words } from './checkers/words.ts';
import { unleash } from './faults/disasters.ts';
import { Persons } from './faults/persons.ts';
import { type Land, makeLand, type Sabotage } from './land.ts';
import { Lives } from './lives.ts';
import { drawScenario, type FaultChoice } from './scenario.ts';
import { Tally } from './tally.ts';

const TICK_MS = 30 * SECOND;
/** All that was waited for, given up and let rest must be over by then. */
const HEALS_WITHIN_MS = 300 * MINUTE;
const TIDIED_EVERY_MS = 5 * MINUTE;
const MOST_VIOLATIONS = 10;
const TAIL_LINES = 4_000;

export interface Violation {
  readonly property: string;
  readonly words: string;
  readonly atMs: number;
}

export interface Run {
  readonly seed: number;
  /** The same for each run of the seed. */
  readonly hash: string;
  readonly violations: readonly Violation[];
  readonly tail: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

const CHECKERS: readonly (() => Checker)[] = [
  ...[places, rules, limits, switchingOff, steps, once, replay],
  ...[reserve, unknown, promises, modes, suspects, patience, proof, watch, words],
];

export interface Circumstances extends FaultChoice {
  readonly sabotage?: Sabotage;
}

/** Lives through everything that a seed stands for, and judges it. */
export async function runSeed(seed: number, { sabotage = {}, ...choice }: Circumstances = {}): Promise<Run> {
  const scenario = drawScenario(seed, choice);
  const land = makeLand(scenario, sabotage);
  const lives = new Lives(land);
  const scene = { land, lives };
  const court = new Court(scene);
  lives.begin();
  const persons = new Persons(land, lives);
  unleash(land, lives);
  persons.begin();
  await passTime(land, scenario.troubledMs, () => court.isDecided);
  calm(land);
  await passTime(land, HEALS_WITHIN_MS, (passedMs) => {
    if (passedMs % TIDIED_EVERY_MS === 0) persons.tidyUp();
    return court.isDecided || court.isAtRest;
  });
  court.close();
  lives.end();
  land.journal.close();
  court.tally.count('lives of daemons', lives.count);
  return { seed, hash: land.witness.hash, violations: court.violations, tail: court.tail, counts: court.tally.counts };
}

/** Nothing strikes any more, and the load stands still. */
function calm({ board, sight, scenario, clock, witness }: Land): void {
  board.end();
  sight.skewMs = 0;
  scenario.loads.stand(clock.nowMs());
  witness.remark('the faults are over');
}

/** All checkers over one run. */
class Court {
  readonly violations: Violation[] = [];
  readonly tally = new Tally();
  /** What led to the first violation. */
  tail: readonly string[] = [];
  readonly #scene: Scene;
  readonly #rest = rest();
  readonly #checkers: readonly Checker[] = [...CHECKERS.map((make) => make()), this.#rest];

  constructor(scene: Scene) {
    this.#scene = scene;
    scene.land.witness.listen((happening) => {
      this.tally.note(happening);
      for (const checker of this.#checkers) this.#find(checker, checker.judge(happening, scene));
    });
  }

  get isDecided(): boolean {
    return this.violations.length > 0;
  }

  get isAtRest(): boolean {
    return this.#rest.isReached(this.#scene);
  }

  /** What went wrong before leaves nothing in order at the end: it is not told twice. */
  close(): void {
    if (this.isDecided) return;
    for (const checker of this.#checkers) this.#find(checker, checker.judgeEnd?.(this.#scene) ?? []);
  }

  #find({ property }: Checker, sentences: readonly string[]): void {
    const { witness, clock, scenario } = this.#scene.land;
    if (sentences.length > 0 && this.violations.length === 0) this.tail = witness.tail(TAIL_LINES);
    const atMs = clock.nowMs() - scenario.startMs;
    for (const sentence of sentences.slice(0, MOST_VIOLATIONS - this.violations.length))
      this.violations.push({ property, words: sentence, atMs });
  }
}

async function passTime(land: Land, forMs: number, isOver: (passedMs: number) => boolean): Promise<void> {
  for (let passedMs = 0; passedMs < forMs && !isOver(passedMs); passedMs += TICK_MS) {
    await land.clock.advance(TICK_MS);
    land.witness.note({ kind: 'tick' });
  }
}
