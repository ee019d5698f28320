/** `npx -c "node test/tidy/ratchet.ts"` sets the ratchet to what the tree is now. */
import { readFileSync, writeFileSync } from 'node:fs';
import { measure, type Ratchet } from './lengths.ts';
import { readTree } from './tree.ts';

const FILE = new URL('./ratchet.json', import.meta.url);

export const readRatchet = (): Ratchet => JSON.parse(readFileSync(FILE, 'utf8')) as Ratchet;

if (import.meta.main) {
  const text = JSON.stringify(measure(readTree()), null, 2);
  writeFileSync(FILE, `${text}\n`);
  process.stdout.write(`${text}\n`);
}
