import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where the policies lie that come with Drover; in a checkout, a good place for those of its owner too. */
export const OWN_FOLDER = join(ROOT, 'policies');

/** The policies that come with Drover. Each is at work when the profile names it, and only then. */
export const STOCK: ReadonlySet<string> = new Set([
  'green-consolidation',
  'load-balance',
  'maintenance',
  'network-aware',
]);

const POLICY_FILE = 'policy.ts';

/** The policy files of a folder, `<folder>/<id>/policy.ts`, by name; or what is wrong with the folder. */
export function policyFilesIn(folder: string): readonly string[] | string {
  try {
    return readdirSync(folder)
      .map((name) => join(folder, name, POLICY_FILE))
      .filter(isFile)
      .sort();
  } catch {
    return `${folder}: there is no such policy folder`;
  }
}

/** What the file is called after until it has loaded and says its own id. */
export const folderNameOf = (file: string): string => basename(dirname(file));

/**
 * The same while nothing in the policy's folder changes but its tests and documents: a policy may be split into files
 * of its own folder.
 */
export function versionOf(file: string): string {
  const folder = dirname(file);
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
