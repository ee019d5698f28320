import { expect, test } from 'vitest';
import { barOf, leftWords, progressOn } from '../../src/cli/progress.ts';
import { SECOND } from '../../src/domain/units.ts';
import { Kept } from './console.ts';

test('a bar is as long as what is done', () => {
  expect(barOf(0)).toBe(`${'░'.repeat(30)}   0 %`);
  expect(barOf(0.5)).toBe(`${'█'.repeat(15)}${'░'.repeat(15)}  50 %`);
  expect(barOf(1)).toBe(`${'█'.repeat(30)} 100 %`);
});

test('what is left is told by what has been done in which time, once that says something', () => {
  expect(leftWords(0.01, SECOND)).toBe('');
  expect(leftWords(0.25, 30 * SECOND)).toBe('1 min 30 s left');
});

test('only a terminal sees it, and nothing of it stays', () => {
  const [file, terminal] = [new Kept(), Object.assign(new Kept(), { isTTY: true })];
  for (const stderr of [file, terminal]) {
    const progress = progressOn({ stdout: new Kept(), stderr, env: {}, cwd: '/' }, 'simulating');
    progress.passed(0.5);
    progress.end();
  }
  expect(file.text).toBe('');
  expect(terminal.text).toContain(`simulating ${barOf(0.5)}`);
  expect(terminal.text.endsWith('\r\x1b[K')).toBe(true);
});
