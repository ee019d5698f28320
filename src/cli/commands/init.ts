import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { commentedConfig } from '../../config/commented.ts';
import { fileTrouble } from '../../config/file-trouble.ts';
import { defineCommand } from '../command.ts';
import { DONE, refused } from '../io.ts';

const DEFAULT_FILE = 'drover.yaml';

export const init = defineCommand({
  name: 'init',
  group: 'files',
  about: 'Write a commented configuration to start from',
  more: 'Every setting is in it with its default, commented out. What is there already is never overwritten.',
  operands: [{ name: 'FILE', about: `Otherwise ${DEFAULT_FILE}`, optional: true }],
  options: {},
  examples: ['drover init', 'drover init /etc/drover.yaml'],
  async run({ operands: [file = DEFAULT_FILE], json, io, out }) {
    try {
      await writeFile(resolve(io.cwd, file), commentedConfig(), { flag: 'wx' });
    } catch (error) {
      return refused(`${file}: cannot be written: ${fileTrouble(error)}`);
    }
    if (json) await out.printJson({ file });
    else await out.print(`${file} is written; \`drover run --config ${file}\` starts with it\n`);
    return DONE;
  },
});
