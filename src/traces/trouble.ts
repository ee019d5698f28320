/** What is wrong with a trace, in one sentence for the person whose file it is. */
export class TraceTrouble extends Error {
  override readonly name = 'TraceTrouble';
}

export interface Spot {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, counted in fields; absent where the whole line is meant. */
  readonly column?: number;
}

const MOST_QUOTED = 40;

export function troubleAt({ file, line, column }: Spot, words: string): TraceTrouble {
  const where = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  return new TraceTrouble(`${file}, ${where}: ${words}`);
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text);
}
