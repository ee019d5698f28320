/** A small reader of the Dockerfile and of what is kept out of its context. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

export const dockerfile = read('Dockerfile');

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** A health check's command is part of the check. */
export function instructions(text: string): Instruction[] {
  const lines = text.replace(/\\\n\s*/g, '').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name, rest] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      if (name === undefined || rest === undefined) throw new Error(`no instruction: ${line}`);
      return { name, rest };
    });
}

const patterns = read('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** The last pattern that speaks of a path, or of a folder that it is in, decides. */
export function ignores(path: string): boolean {
  const parts = path.split('/');
  const prefixes = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  let isIgnored = false;
  for (const pattern of patterns) {
    const isException = pattern.startsWith('!');
    const glob = isException ? pattern.slice(1) : pattern;
    if (prefixes.some((prefix) => matches(prefix, glob))) isIgnored = !isException;
  }
  return isIgnored;
}

/** Docker's patterns: names that begin with a dot are names like any other. */
function matches(path: string, pattern: string): boolean {
  const parts = pattern.split('**/').map((part) => part.replace(/[.+^$()|[\]{}\\]/g, '\\$&').replaceAll('*', '[^/]*'));
  const source = parts.join('(?:.+/)?');
  return new RegExp(`^${source}$`).test(path);
}
