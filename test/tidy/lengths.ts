import { type FunctionSpan, findFunctions } from './functions.ts';
import { finding, isScript, isTest, type Source } from './source.ts';

export const LONGEST_FUNCTION = 60;
export const LONGEST_FILE = 400;
const LONG_FUNCTION = 30;
const LONG_FUNCTIONS_SHARE = 0.1;
const MEDIAN_FUNCTION = 10;
const MEDIAN_FILE = 100;

export interface Longest {
  readonly function: number;
  readonly file: number;
}

/** How long the longest are, in code and in its tests. The tree may only get better than this. */
export interface Ratchet {
  readonly code: Longest;
  readonly tests: Longest;
}

export function noneTooLong(tree: readonly Source[]): string[] {
  return tree.filter(isMeasured).flatMap((file) => {
    const lines = linesOf(file);
    const long = functionsOf(file).filter((found) => found.lines > LONGEST_FUNCTION);
    return [
      ...(lines > LONGEST_FILE ? [finding(file.path, 1, `${lines} lines`, `split it: at most ${LONGEST_FILE}`)] : []),
      ...long.map(({ name, line, lines }) =>
        finding(file.path, line, `${name} has ${lines} lines`, `split it: at most ${LONGEST_FUNCTION}`),
      ),
    ];
  });
}

/** Of the code, not of its tests: rows of situations are long by nature. */
export function mostAreShort(tree: readonly Source[]): string[] {
  const code = tree.filter((file) => isMeasured(file) && !isTest(file));
  const functions = code.flatMap(functionsOf).map((found) => found.lines);
  const long = functions.filter((lines) => lines > LONG_FUNCTION).length;
  const file = median(code.map(linesOf));
  const body = median(functions);
  return [
    ...(file > MEDIAN_FILE ? [finding('src', 1, `the median file has ${file} lines`, `at most ${MEDIAN_FILE}`)] : []),
    ...(body > MEDIAN_FUNCTION
      ? [finding('src', 1, `the median function has ${body} lines`, `at most ${MEDIAN_FUNCTION}`)]
      : []),
    ...(long > functions.length * LONG_FUNCTIONS_SHARE
      ? [finding('src', 1, `${long} of ${functions.length} functions exceed ${LONG_FUNCTION} lines`, 'at most a tenth')]
      : []),
  ];
}

export function measure(tree: readonly Source[]): Ratchet {
  const measured = tree.filter(isMeasured);
  return {
    code: longestOf(measured.filter((file) => !isTest(file))),
    tests: longestOf(measured.filter(isTest)),
  };
}

/** Worse is forbidden; clearly better is to be kept. */
export function heldByRatchet(seen: Ratchet, ratchet: Ratchet): string[] {
  const path = 'test/tidy/ratchet.json';
  return (['code', 'tests'] as const).flatMap((group) =>
    (['function', 'file'] as const).flatMap((what) => {
      const now = seen[group][what];
      const allowed = ratchet[group][what];
      const says = `the longest ${what} of the ${group} has ${now} lines and the ratchet stands at ${allowed}`;
      if (now > allowed) return [finding(path, 1, says, 'shorten what has grown')];
      if (now < allowed * CLEARLY_BETTER)
        return [finding(path, 1, says, 'lower it: npx -c "node test/tidy/ratchet.ts"')];
      return [];
    }),
  );
}

const CLEARLY_BETTER = 0.9;

const functionsOf = (file: Source): FunctionSpan[] => findFunctions(file.code);

const linesOf = ({ text }: Source): number => text.trimEnd().split('\n').length;

/** Documents and JSON have lengths of their own. */
const isMeasured = (file: Source): boolean => isScript(file) || /\.(?:html|css)$/.test(file.path);

function longestOf(files: readonly Source[]): Longest {
  const functions = files.flatMap(functionsOf).map((found) => found.lines);
  return { function: Math.max(0, ...functions), file: Math.max(0, ...files.map(linesOf)) };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
