import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileTrouble } from '../config/file-trouble.ts';
import { pageOf } from '../contest/page/page.ts';
import type { Run } from '../contest/run.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { type Ending, type Io, refused } from './io.ts';
import { scenarioWords } from './scenario-input.ts';

/** Where a page is to go. That there is no such place should be known before hours are simulated. */
export async function placeForPage(name: string | undefined, io: Io): Promise<string | undefined | Ending> {
  if (name === undefined) return undefined;
  const file = resolve(io.cwd, name);
  try {
    await access(dirname(file), constants.W_OK);
    return file;
  } catch (error) {
    return refused(`${dirname(file)}: cannot be written to: ${fileTrouble(error).replace('file', 'folder')}`);
  }
}

export interface PageWish {
  readonly file: string | undefined;
  readonly runs: readonly Run[];
  readonly scenario: Scenario;
  readonly currency: string;
}

export async function writePage({ file, runs, scenario, currency }: PageWish): Promise<Ending | undefined> {
  if (file === undefined) return undefined;
  try {
    await writeFile(file, pageOf(runs, { about: scenarioWords(scenario), currency }));
    return undefined;
  } catch (error) {
    return refused(`${file}: cannot be written: ${fileTrouble(error)}`);
  }
}
