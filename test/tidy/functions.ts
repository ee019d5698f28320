/** Finds functions by their braces in code that has been read (see reading.ts), formatted as this repository's is. */
import { lineAt } from './source.ts';

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const DECLARATION = /\bfunction\b\s*\*?\s*([\w$]*)\s*(?=[<(])/g;
const METHOD =
  /^[ \t]*(?:(?:public|private|protected|static|override|async|get|set)\s+|\*\s*)*(#?[\w$]+|\[[^\]\n]*\])\s*(?=[<(])/gm;
const NOT_METHODS = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'return', 'function', 'await', 'super']);
const NAMED_ARROW = /^[ \t]*(?:export\s+)?(?:const|let)\s+([\w$]+)[^=\n]*=\s*(?:async\s*)?(?=[<(]|[\w$]+\s*=>)/gm;
const BLOCK_ARROW = /=>\s*(?=\{)/g;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Declarations, methods, arrows with a name, and nameless arrows with a block. A nameless `x => expression` is part of
 * the function around it, and the callback of `describe` is a chapter rather than a function.
 */
export function findFunctions(code: string): FunctionSpan[] {
  const named = [...blocks(code, DECLARATION), ...blocks(code, METHOD), ...namedArrows(code)];
  const ends = new Set(named.map((span) => span.to));
  const nameless = blockArrows(code).filter((span) => !ends.has(span.to) && !isChapter(code, span.from));
  return [...named, ...nameless].map(({ name, from, to }) => {
    const line = lineAt(code, from);
    return { name, line, lines: lineAt(code, to) - line + 1 };
  });
}

function isChapter(code: string, at: number): boolean {
  return /^\s*describe\b/.test(code.slice(code.lastIndexOf('\n', at) + 1, at));
}

function blocks(code: string, header: RegExp): Span[] {
  const found: Span[] = [];
  for (const match of code.matchAll(header)) {
    const name = match[1] ?? '';
    if (header === METHOD && NOT_METHODS.has(name)) continue;
    const body = afterType(code, afterParameters(code, match.index + match[0].length), '{');
    if (body !== undefined) found.push({ name, from: firstLetter(code, match.index), to: closing(code, body) });
  }
  return found;
}

function namedArrows(code: string): Span[] {
  const found: Span[] = [];
  for (const match of code.matchAll(NAMED_ARROW)) {
    const arrow = afterType(code, afterParameters(code, match.index + match[0].length), '=>');
    if (arrow === undefined) continue;
    const body = firstLetter(code, arrow + 2);
    const to = code[body] === '{' ? closing(code, body) : endOfExpression(code, body);
    found.push({ name: match[1] ?? '', from: firstLetter(code, match.index), to });
  }
  return found;
}

function blockArrows(code: string): Span[] {
  return [...code.matchAll(BLOCK_ARROW)].map((match) => {
    const before = code.slice(0, match.index).trimEnd();
    const from = before.endsWith(')') ? opening(code, before.length - 1) : before.length;
    return { name: 'a nameless function', from, to: closing(code, match.index + match[0].length) };
  });
}

/** From type parameters, parameters or a single bare one, to just behind them. */
function afterParameters(code: string, at: number): number {
  const start = code[at] === '<' ? firstLetter(code, afterAngles(code, at)) : at;
  if (code[start] === '(') return closing(code, start) + 1;
  return start + (/^[\w$]+/.exec(code.slice(start, start + LONGEST_NAME))?.[0].length ?? 0);
}

const LONGEST_NAME = 80;

function afterAngles(code: string, at: number): number {
  let depth = 0;
  for (let i = at; i < code.length; i++) {
    if (code[i] === '<') depth++;
    if (code[i] === '>' && code[i - 1] !== '=' && --depth === 0) return i + 1;
  }
  return code.length;
}

/**
 * Where the body begins, behind a return type if there is one; undefined where none follows (a call, a signature). In a
 * type, a brace that stands where an operand is expected is an object type.
 */
function afterType(code: string, at: number, mark: '{' | '=>'): number | undefined {
  let i = firstLetter(code, at);
  if (code.startsWith(mark, i)) return i;
  if (code[i] !== ':') return undefined;
  let operandComes = true;
  for (i = firstLetter(code, i + 1); i < code.length; i = firstLetter(code, i + 1)) {
    const char = code[i]!;
    if (!operandComes && code.startsWith(mark, i)) return i;
    if (char === ';' || char === ',' || char === ')' || char === '}') return undefined;
    operandComes = '|&'.includes(char) || code.startsWith('=>', i);
    if (char === '<') i = afterAngles(code, i) - 1;
    else if (char in CLOSING) i = closing(code, i);
    else if (code.startsWith('=>', i)) i++;
  }
  return undefined;
}

function closing(code: string, at: number): number {
  let depth = 0;
  for (let i = at; i < code.length; i++) {
    if ('([{'.includes(code[i]!)) depth++;
    if (')]}'.includes(code[i]!) && --depth === 0) return i;
  }
  return code.length - 1;
}

function opening(code: string, at: number): number {
  let depth = 0;
  for (let i = at; i >= 0; i--) {
    if (')]}'.includes(code[i]!)) depth++;
    if ('([{'.includes(code[i]!) && --depth === 0) return i;
  }
  return 0;
}

function endOfExpression(code: string, at: number): number {
  for (let i = at; i < code.length; i++) {
    const char = code[i]!;
    if (char in CLOSING) i = closing(code, i);
    else if (';,)]}'.includes(char)) return i;
  }
  return code.length - 1;
}

function firstLetter(code: string, at: number): number {
  let i = at;
  while (i < code.length && /\s/.test(code[i]!)) i++;
  return i;
}
