import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileTrouble } from '../../config/file-trouble.ts';
import { OWN_FOLDER, STOCK } from '../../loading/policy-files.ts';
import type { Call } from '../command.ts';
import { DONE, type Ending, type Io, refused, wrong } from '../io.ts';
import { policyTemplate } from './template.ts';
import { policyTsconfig } from './type-checking.ts';

/** Not a policy, but who speaks for rules in decisions and metrics. */
const TAKEN = new Set(['core', ...STOCK]);

/** Writes the folder of a policy that works; never over anything. */
export async function newPolicy(id: string, folder: string | undefined, { io, out, json }: Output): Promise<Ending> {
  if (!/^[a-z][a-z0-9-]*$/.test(id)) {
    return wrong(`ID is "${id}", should be small letters, digits and dashes, such as keep-pairs-close`);
  }
  if (TAKEN.has(id)) return wrong(`ID is "${id}", which Drover itself uses; choose another name`);
  const around = folderFor(folder, io);
  if (typeof around !== 'string') return around;
  const path = join(around, id);
  const shown = relative(io.cwd, path) || '.';
  try {
    await mkdir(around, { recursive: true });
    await mkdir(path);
    for (const [name, text] of Object.entries(policyTemplate(id))) await writeFile(join(path, name), text);
    if (around !== OWN_FOLDER) await writeOnce(join(around, 'tsconfig.json'), policyTsconfig());
  } catch (error) {
    return refused(`${shown}: cannot be written: ${fileTrouble(error)}`);
  }
  if (json) await out.printJson({ id, folder: path, files: Object.keys(policyTemplate(id)) });
  else
    await out.printLines([`${shown} is written: ${Object.keys(policyTemplate(id)).join(', ')}`, ...nextSteps(shown)]);
  return DONE;
}

type Output = Pick<Call, 'io' | 'out' | 'json'>;

function nextSteps(shown: string): string[] {
  return [
    `test it          drover policy test ${shown}`,
    'see it at work   a daemon that watches this folder has it at work by now; drover policy list --url URL says how it stands',
  ];
}

/** In a checkout, beside the policies of Drover; elsewhere somebody has to say where. */
function folderFor(folder: string | undefined, io: Io): string | Ending {
  if (folder !== undefined) return resolve(io.cwd, folder);
  if (resolve(io.cwd, 'policies') === OWN_FOLDER) return OWN_FOLDER;
  return wrong(
    'drover policy new needs a folder here: --folder FOLDER, one of policyFolders in the configuration (in a checkout of Drover it is ./policies)',
  );
}

async function writeOnce(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
