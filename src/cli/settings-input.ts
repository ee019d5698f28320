import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_SETTINGS } from '../config/defaults.ts';
import { problemWords } from '../config/problem.ts';
import { readSettingsFile } from '../config/read-settings.ts';
import type { Settings } from '../config/settings.ts';
import { type Ending, type Io, wrong } from './io.ts';

export const DEFAULT_FILE = 'drover.yaml';

/** A file that is named must be there; the one that is not named may be missing. */
export function configFileOf(named: string | undefined, io: Io): string | undefined {
  if (named !== undefined) return resolve(io.cwd, named);
  const usual = resolve(io.cwd, DEFAULT_FILE);
  return existsSync(usual) ? usual : undefined;
}

/** The configuration that a daemon would start with here. */
export async function settingsFrom(named: string | undefined, io: Io): Promise<Settings | Ending> {
  const file = configFileOf(named, io);
  const read = file === undefined ? DEFAULT_SETTINGS : await readSettingsFile(file);
  return Array.isArray(read) ? wrong(...read.map(problemWords)) : read;
}
