import type { Violation } from '../domain/rule.ts';

/**
 * A rule at work on one draft. `permits` is asked for every target that a search looks at, so it answers with a flag;
 * the words are made only for those refusals that somebody reads.
 */
export interface RuleOnDraft {
  readonly id: string;
  permits(vm: number, to: number): boolean;
  /** Why `permits` said no. */
  words(vm: number, to: number): string;
  /** What is broken as the draft stands. */
  violations(): Violation[];
}
