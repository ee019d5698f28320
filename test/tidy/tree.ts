import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Source, source } from './source.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['src', 'policies', 'test'];
const SINGLE_FILES = ['package.json', 'package-lock.json', 'src/tsconfig.pure.json'];
const JUDGED = /\.(?:ts|js|mjs|html|css|md)$/;

/** The repository as it lies on disk. */
export function readTree(): Source[] {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && JUDGED.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join(posix.sep))
      .filter((path) => !path.includes('node_modules/')),
  );
  return [...paths, ...SINGLE_FILES].map((path) => source(path, readFileSync(join(ROOT, path), 'utf8')));
}
