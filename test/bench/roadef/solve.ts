import { compile } from '../../../src/decide/deep/compile.ts';
import { searchInThreads } from '../../../src/parallel/search-in-threads.ts';
import { evaluate } from './evaluate.ts';
import { readInstance, writeAssignment } from './instance.ts';
import { stateOf } from './state.ts';

export interface Run {
  readonly model: string;
  readonly assignment: string;
  /** Reading included. */
  readonly seconds: number;
  readonly seed: number;
  readonly workers: number;
  readonly out?: string | undefined;
}

/** Reads, searches, checks; what breaks a constraint is not written. */
export async function solve({ model: modelFile, assignment, seconds, seed, workers, out }: Run) {
  const startedAtMs = Date.now();
  const instance = readInstance(modelFile, assignment);
  const { model } = compile(stateOf(instance));
  const searchedFromMs = Date.now();
  const budgetMs = Math.max(1, seconds * 1000 - (searchedFromMs - startedAtMs));
  const { hostOf, proposals } = await searchInThreads({ model, start: model.home, seed, budgetMs, workers });
  const tookS = (Date.now() - searchedFromMs) / 1000;
  const { cost, moved, violations } = evaluate(instance, hostOf);
  if (out !== undefined && violations.length === 0) writeAssignment(out, hostOf);
  return {
    cost,
    initial: evaluate(instance, instance.initial).cost,
    moved,
    proposalsPerS: Math.round(proposals / tookS),
    violations: violations.length,
    seconds: (Date.now() - startedAtMs) / 1000,
    firstViolation: violations[0],
  };
}
