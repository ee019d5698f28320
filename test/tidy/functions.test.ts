// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code
import { describe, expect, it } from 'vitest';
import { findFunctions } from './functions.ts';
import { readText } from './reading.ts';

const found = (...lines: string[]) =>
  findFunctions(readText(lines.join('\n')).code).map(({ name, line, lines }) => `${name} ${line}+${lines}`);

describe('finding functions', () => {
  it.each<[string, string[], string[]]>([
    ['a declaration', ['', 'export function f(a: number): number {', '  return a;', '}'], ['f 2+3']],
    ['an async generator', ['async function* f() {', '}'], ['f 1+2']],
    ['type parameters', ['function f<T extends (a: X) => Y>(t: T): T {', '}'], ['f 1+2']],
    ['many parameters', ['function f(', '  a: { b: number },', '): void {', '}'], ['f 1+4']],
    ['an object as return type', ['function f(): { a: number } {', '  g();', '}'], ['f 1+3']],
    ['a union of objects', ['function f(): { a: 1 } | Map<K, { b: 2 }> {', '  g();', '}'], ['f 1+3']],
    ['a function as return type', ['function f(): (a: X) => Y {', '  g();', '}'], ['f 1+3']],
    ['a type predicate', ['function f(x: T): x is U {', '}'], ['f 1+2']],
    ['braces in texts', ['function f() {', "  return '}' + `}${'{'}`;", '}'], ['f 1+3']],
    [
      'methods',
      ['class A {', '  static async #a(): Promise<X> {', '  }', '  get b(): X {', '  }', '}'],
      ['#a 2+2', 'b 4+2'],
    ],
    ['a computed method', ['class A {', '  *[Symbol.iterator]() {', '  }', '}'], ['[Symbol.iterator] 2+2']],
    ['an arrow with a name', ['const f = async (a: X): Promise<Y> => {', '};'], ['f 1+2']],
    ['an arrow without a block', ['export const f = (a: X) =>', '  g(', '    a,', '  );'], ['f 1+4']],
    ['an arrow with a bare parameter', ['const f = a => b;'], ['f 1+1']],
    ['a callback with a block', ['f(', '  (a) => {', '    b();', '  },', ');'], ['a nameless function 2+3']],
    [
      'functions in a function',
      ['function f() {', '  return () => {', '  };', '}'],
      ['f 1+4', 'a nameless function 2+2'],
    ],
  ])('knows %s', (_what, lines, functions) => {
    expect(found(...lines)).toEqual(functions);
  });

  it.each<[string, string[]]>([
    ['statements', ['if (a) {', '}', 'for (const b of c) {', '}', 'while (d) {', '}', 'switch (e) {', '}']],
    ['calls', ['f(a);', 'new F({ a: 1 });']],
    ['signatures', ['interface A {', '  f(a: X): Y;', '  g: (a: X) => void;', '}', 'function f(a: X): void;']],
    ['comments and texts', ['// function f() {}', "const a = 'function f() {}';"]],
    ['a chapter of tests', ["describe('a', () => {", '});', "describe.each(rows)('a', () => {", '});']],
    ['callbacks without a block', ['const a = b.map((c) => c.d);']],
    ['sums in parentheses', ['const a = (b + c) * d;', 'const e = (f) ? { g } : h;']],
  ])('does not take %s for functions', (_what, lines) => {
    expect(found(...lines)).toEqual([]);
  });
});
