/** Where a text stops being JSON. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/uy;
const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * The first place where the text is not JSON; undefined when all of it is. The built-in parser says what is wrong but
 * not always where. What is open is kept in a list and not on the stack, so that no nesting is too deep.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const scan = new Scan(text);
  const wanted = scan.run();
  return wanted === undefined ? undefined : faultAt(text, scan.at, wanted);
}

/** Its steps return what should have stood at `at`, or nothing when all is well so far. */
class Scan {
  at = 0;
  readonly #text: string;
  readonly #open: ('{' | '[')[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): string | undefined {
    let wanted = this.#value();
    while (wanted === undefined && this.#open.length > 0) wanted = this.#next();
    if (wanted !== undefined) return wanted;
    this.#skip(SPACE);
    return this.at === this.#text.length ? undefined : 'nothing more';
  }

  /** A scalar, or everything from an opening to the first scalar or end inside it. */
  #value(): string | undefined {
    for (;;) {
      this.#skip(SPACE);
      const opening = this.#text[this.at];
      if (opening !== '{' && opening !== '[') return this.#scalar() ? undefined : 'a value';
      this.at++;
      this.#open.push(opening);
      this.#skip(SPACE);
      if (this.#isClosing()) return undefined;
      const wanted = opening === '{' ? this.#name() : undefined;
      if (wanted !== undefined) return wanted;
    }
  }

  #name(): string | undefined {
    this.#skip(SPACE);
    if (!this.#skip(STRING)) return 'a name in double quotes';
    this.#skip(SPACE);
    if (this.#text[this.at] !== ':') return '":"';
    this.at++;
    return undefined;
  }

  /** What follows an element: the end of what is open, or a comma and the next element. */
  #next(): string | undefined {
    this.#skip(SPACE);
    const inside = this.#open.at(-1)!;
    if (this.#isClosing()) {
      this.at++;
      this.#open.pop();
      return undefined;
    }
    if (this.#text[this.at] !== ',') return inside === '{' ? '"," or "}"' : '"," or "]"';
    this.at++;
    return (inside === '{' ? this.#name() : undefined) ?? this.#value();
  }

  #isClosing(): boolean {
    return this.#text[this.at] === (this.#open.at(-1) === '{' ? '}' : ']');
  }

  #scalar(): boolean {
    return this.#skip(STRING) || this.#skip(NUMBER_OR_WORD);
  }

  #skip(token: RegExp): boolean {
    token.lastIndex = this.at;
    if (!token.test(this.#text)) return false;
    this.at = token.lastIndex;
    return true;
  }
}

const MOST_QUOTED = 16;

function faultAt(text: string, at: number, wanted: string): JsonFault {
  const before = text.slice(0, at);
  const column = at - before.lastIndexOf('\n');
  const wrong = `is not JSON: here ${seenWords(text.slice(at, at + MOST_QUOTED))}, should be ${wanted}`;
  return { line: before.split('\n').length, column, what: wrong };
}

function seenWords(rest: string): string {
  if (rest === '') return 'the file ends';
  if (rest.startsWith('"')) return 'stands a text that is never closed';
  return `stands ${JSON.stringify(/^(?:[^\s,:{}[\]"]+|.)/s.exec(rest)?.[0])}`;
}
