// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText } from './reading.ts';

describe('reading', () => {
  it.each([
    ['a line comment', 'a(); // not b()', 'a();'],
    ['a block comment', 'a(); /* not\nb() */ c();', 'a();       \n       c();'],
    ['quotes', `f('it\\'s', "x");`, `f('     ', " ");`],
    ['a comment in a text', `f('// here');`, `f('       ');`],
    ['a quote in a comment', "a(); // it's\nb();", 'a();        \nb();'],
    ['a template', '`a ${ b + `c ${d}` } e`', '`  ${ b + `  ${d}` }  `'],
    ['braces in a hole', '`${ { a: 1 }.a }x`;', '`${ { a: 1 }.a } `;'],
    ['a regular expression', 'x = /[/"`{]\\//g;', 'x = /        /g;'],
    ['a regular expression as argument', 'f(/"/, 1)', 'f(/ /, 1)'],
    ['a division', 'x = a / b; y = "c" / d;', 'x = a / b; y = " " / d;'],
    ['a text that does not end', "x = 'abc\ny();", "x = '   \ny();"],
    ['a first line for the shell', '#!/usr/bin/env node\nx();', '                   \nx();'],
  ])('knows %s', (_what, text, code) => {
    expect(readText(text).code.trimEnd()).toBe(code);
  });

  it('keeps comments apart', () => {
    expect(readText("a('no'); // yes").comments).toBe('         // yes');
  });

  it('keeps length and line breaks of anything', () => {
    const piece = fc.constantFrom('`', '${', '}', '{', '/', '*', '//', "'", '"', '\\', '\n', 'a', '(', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const { code, comments } = readText(text);
        const breaks = [...text.matchAll(/\n/g)].map((match) => match.index);
        for (const reading of [code, comments]) {
          expect(reading.length).toBe(text.length);
          expect([...reading.matchAll(/\n/g)].map((match) => match.index)).toEqual(breaks);
        }
      }),
    );
  });
});
