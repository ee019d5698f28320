import { readText } from './reading.ts';

/** A file as rules see it: its path from the root of the repository, its text, and the text told apart. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly code: string;
  readonly comments: string;
}

/** Judges a whole tree; each finding is a line `path:line: what is wrong; what would be right`. */
export type Rule = (tree: readonly Source[]) => readonly string[];

export function source(path: string, text: string): Source {
  if (isScript({ path })) return { path, text, ...readText(text) };
  return { path, text, code: '', comments: '' };
}

export const isScript = ({ path }: { readonly path: string }): boolean => /\.(?:ts|js|mjs)$/.test(path);

export const isTest = ({ path }: { readonly path: string }): boolean =>
  path.startsWith('test/') || path.endsWith('.test.ts');

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

export const finding = (path: string, line: number, wrong: string, right: string): string =>
  `${path}:${line}: ${wrong}; ${right}`;

/** One finding for each place where the pattern (with flag g) occurs in this reading of the file. */
export function findAll(
  file: Source,
  reading: 'text' | 'code' | 'comments',
  pattern: RegExp,
  say: (found: string) => readonly [wrong: string, right: string],
): string[] {
  return [...file[reading].matchAll(pattern)].map((match) =>
    finding(file.path, lineAt(file.text, match.index), ...say(match[1] ?? match[0])),
  );
}
