import { MINUTE, SECOND } from '../../src/domain/units.ts';
import type { Checker, Scene } from './checkers/checker.ts';
import { limits } from './checkers/limits.ts';
import { once } from './checkers/once.ts';
import { places } from './checkers/places.ts';
import { promises } from './checkers/promises.ts';
import { proof } from './checkers/proof.ts';
import { replay } from './checkers/replay.ts';
import { reserve } from './checkers/reserve.ts';
import { rest } from './checkers/rest.ts';
import { rules } from './checkers/rules.ts';
import { steps } from './checkers/steps.ts';
import { switchingOff } from './checkers/switching-off.ts';
import { unknown } from './checkers/unknown.ts';
import { watch } from './checkers/watch.ts';
import { words } from './checkers/words.ts';
import { unleash } from './faults/disasters.ts';
import type { Fault } from './faults/kinds.ts';
import { Persons } from './faults/persons.ts';
import { makeLand } from './land.ts';
import { Lives } from './lives.ts';
import { drawScenario } from './scenario.ts';
import { Tally } from './tally.ts';
import type { Happening } from './witness.ts';

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

/** Lives through everything that a seed stands for, and judges it. */
export async function runSeed(seed: number, without: readonly Fault[] = []): Promise<Run> {
  const scenario = drawScenario(seed, without);
  const land = makeLand(scenario);
  const tally = new Tally();
  const resting = rest();
  const checkers: readonly Checker[] = [
    ...[places, rules, limits, switchingOff, steps, once, replay, reserve, unknown, promises, proof, watch, words].map(
      (make) => make(),
    ),
    resting,
  ];
  const violations: Violation[] = [];
  let tail: readonly string[] = [];
  const found = (property: string, sentences: readonly string[]) => {
    const atMs = land.clock.nowMs() - scenario.startMs;
    if (sentences.length > 0 && violations.length === 0) tail = land.witness.tail(TAIL_LINES);
    for (const sentence of sentences.slice(0, MOST_VIOLATIONS - violations.length))
      violations.push({ property, words: sentence, atMs });
  };
  const scene: { land: typeof land; lives: Lives } = { land, lives: undefined as unknown as Lives };
  const judge = (happening: Happening) => {
    tally.note(happening);
    for (const checker of checkers) found(checker.property, checker.judge(happening, scene));
  };
  land.witness.listen(judge);
  const lives = new Lives(land);
  scene.lives = lives;
  unleash(land, lives);
  const persons = new Persons(land, lives);
  persons.begin();
  await passTime(scene, scenario.troubledMs, () => false);
  land.board.end();
  land.sight.skewMs = 0;
  scenario.loads.stand(land.clock.nowMs());
  land.witness.remark('the faults are over');
  let tidiedMs = 0;
  await passTime(scene, HEALS_WITHIN_MS, (passedMs) => {
    if (passedMs >= tidiedMs) {
      persons.tidyUp();
      tidiedMs = passedMs + TIDIED_EVERY_MS;
    }
    return violations.length > 0 || resting.isReached(scene);
  });
  if (violations.length === 0) for (const checker of checkers) found(checker.property, checker.judgeEnd?.(scene) ?? []);
  lives.end();
  land.journal.close();
  tally.count('daemon lives', lives.count);
  return { seed, hash: land.witness.hash, violations, tail, counts: tally.counts };
}

async function passTime({ land }: Scene, forMs: number, isOver: (passedMs: number) => boolean): Promise<void> {
  for (let passedMs = 0; passedMs < forMs && !isOver(passedMs); passedMs += TICK_MS) {
    await land.clock.advance(TICK_MS);
    land.witness.note({ kind: 'tick' });
  }
}
