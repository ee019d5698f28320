import { type DecideInput, decide, decideDeep } from '../decide/decide.ts';
import type { Verdicts } from '../domain/decision.ts';
import { SECOND } from '../domain/units.ts';
import type { OptionValues } from './command.ts';
import { type Ending, wrong } from './io.ts';

const USUAL_SECONDS = 20;
const MOST_SECONDS = 24 * 3600;

export const DEEP_OPTIONS = {
  deep: { kind: 'flag', about: 'Search on for as long as --seconds says, for moves that only pay together' },
  seconds: { kind: 'number', placeholder: 'N', about: `How long a deep search takes; ${USUAL_SECONDS} if left out` },
  seed: { kind: 'number', placeholder: 'N', about: 'Chance of a deep search, a whole number; 1 if left out' },
} as const;

export const DEEP_WORDS =
  'With --deep it is never worse than without, and may be better: for consolidation\nthat is planned and may take its time.';

type DeepOptions = OptionValues<typeof DEEP_OPTIONS>;

/** What is wrong with these options, if anything is. */
export function deepTrouble({ deep, seconds, seed }: DeepOptions): Ending | undefined {
  if (deep !== true && seconds !== undefined) return wrong('--seconds says how long --deep searches: add --deep');
  if (deep !== true && seed !== undefined) return wrong('--seed is the chance of a deep search: add --deep');
  if (seconds !== undefined && !(seconds > 0 && seconds <= MOST_SECONDS))
    return wrong(`--seconds is ${seconds}, should be above 0 and at most ${MOST_SECONDS}`);
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0))
    return wrong(`--seed is ${seed}, should be a whole number from 0 on`);
  return undefined;
}

export function decideAsAsked(input: DecideInput, { deep, seconds = USUAL_SECONDS, seed = 1 }: DeepOptions): Verdicts {
  if (deep !== true) return decide(input);
  let startedAt: number | undefined;
  // The clock begins with the deep search: what comes before it takes the time that it takes in any case.
  const spent = () => {
    startedAt ??= performance.now();
    return (performance.now() - startedAt) / (seconds * SECOND);
  };
  return decideDeep(input, { seed, spent });
}
