/** One thing that is wrong with a file, and what would be right. */
export interface Problem {
  readonly file: string;
  /** Where in the document, such as `vms[17].host`; empty for the document as a whole. */
  readonly path: string;
  /** From 1; absent where only the path is known. */
  readonly line?: number;
  readonly column?: number;
  readonly what: string;
}

export type Path = readonly PropertyKey[];

const MOST_PROBLEMS = 50;

/** Collects the first problems of a file and counts the rest, so that a hopeless file cannot flood anybody. */
export class Problems {
  readonly file: string;
  readonly #kept: Problem[] = [];
  #count = 0;

  constructor(file: string) {
    this.file = file;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes the sentence as a function: the costly ones (did you mean …) are made only for problems that are kept. */
  add(path: Path | string, what: () => string, place: { line?: number; column?: number } = {}): void {
    this.#count++;
    if (this.#kept.length >= MOST_PROBLEMS) return;
    const where = typeof path === 'string' ? path : pathWords(path);
    this.#kept.push({ file: this.file, path: where, ...place, what: what() });
  }

  list(): Problem[] {
    const more = this.#count - this.#kept.length;
    if (more === 0) return [...this.#kept];
    return [...this.#kept, { file: this.file, path: '', what: `and ${more} more` }];
  }
}

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

export function pathWords(path: Path): string {
  let words = '';
  for (const key of path) {
    if (typeof key === 'number') words += `[${key}]`;
    else if (PLAIN_KEY.test(String(key))) words += words === '' ? String(key) : `.${String(key)}`;
    else words += `[${JSON.stringify(String(key))}]`;
  }
  return words;
}

export function problemWords({ file, path, line, column, what }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}${column === undefined ? '' : `:${column}`}`;
  return path === '' ? `${place}: ${what}` : `${place}: ${path} ${what}`;
}
