/**
 * Tells code, comments and texts apart, without a parser: enough for rules that look for words and braces. Each result
 * is as long as what was read and breaks its lines at the same places, so that an offset means the same in all of them.
 */
export interface Reading {
  /** Comments, and what stands between quotes or in regular expressions, blanked. */
  readonly code: string;
  /** Everything but comments blanked. */
  readonly comments: string;
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|^#![^\n]*/y;
const QUOTED = /'(?:[^'\\\n]|\\[\s\S]?)*|"(?:[^"\\\n]|\\[\s\S]?)*/y;
const TEMPLATE = /(?:[^`\\$]|\\[\s\S]?|\$(?!\{))*/y;
const REGEX = /\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/y;
/** After these a slash begins a regular expression; after anything else, `x!` included, it divides. */
const BEFORE_REGEX =
  /(?:^|[(,=:[&|?{};+\-*%<>~^]|(?<![\])\w])!|\b(?:return|typeof|case|in|of|throw|else|do|yield|await))\s*$/;
const LOOK_BACK = 200;

export function readText(text: string): Reading {
  const reader = new Reader(text);
  while (!reader.atEnd) reader.next();
  return { code: reader.code, comments: reader.comments };
}

class Reader {
  code = '';
  comments = '';
  readonly #text: string;
  #at = 0;
  /** Per template whose hole is being read: how many braces are open in that hole. */
  readonly #holes: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  next(): void {
    const char = this.#text[this.#at]!;
    const comment = this.#match(COMMENT);
    if (comment !== '') this.#take(comment, 'comment');
    else if (char === "'" || char === '"') this.#quoted(QUOTED, char);
    else if (char === '`') this.#template();
    else if (char === '/' && BEFORE_REGEX.test(this.code.slice(-LOOK_BACK))) this.#quoted(REGEX, '/');
    else if (char === '{' || char === '}') this.#brace(char);
    else this.#take(char, 'code');
  }

  #quoted(body: RegExp, quote: string): void {
    const content = this.#match(body).slice(1);
    this.#take(quote, 'code');
    this.#take(content, 'text');
    if (this.#text[this.#at] === quote) this.#take(quote, 'code');
  }

  #template(): void {
    this.#take('`', 'code');
    this.#templateText();
  }

  /** Up to the closing backtick, or into a hole. */
  #templateText(): void {
    this.#take(this.#match(TEMPLATE), 'text');
    if (this.#text[this.#at] === '`') this.#take('`', 'code');
    else if (!this.atEnd) {
      this.#take('${', 'code');
      this.#holes.push(0);
    }
  }

  #brace(char: string): void {
    this.#take(char, 'code');
    if (this.#holes.length === 0) return;
    const open = this.#holes.pop()! + (char === '{' ? 1 : -1);
    if (open >= 0) this.#holes.push(open);
    else this.#templateText();
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? '';
  }

  #take(piece: string, kind: 'code' | 'comment' | 'text'): void {
    const blank = piece.replace(/[^\n]/g, ' ');
    this.code += kind === 'code' ? piece : blank;
    this.comments += kind === 'comment' ? piece : blank;
    this.#at += piece.length;
  }
}
