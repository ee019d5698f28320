import type { Checker } from './checker.ts';

/** Errors that blame the world: a host that does not obey, a disk that is full. All others blame a bug. */
const BLAMES_THE_WORLD: readonly RegExp[] = [
  /^\S+ is suspect: /,
  /^nothing is started any more: the journal failed: /,
  /database or disk is full/,
];

/** Nothing is logged as an error that only a bug could bring about. */
export function words(): Checker {
  return {
    property: 'no error is a bug',
    judge(happening) {
      if (happening.kind !== 'said' || happening.level !== 'error') return [];
      return BLAMES_THE_WORLD.some((pattern) => pattern.test(happening.sentence)) ? [] : [happening.sentence];
    },
  };
}
