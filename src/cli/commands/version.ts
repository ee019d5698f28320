import manifest from '../../../package.json' with { type: 'json' };
import { defineCommand } from '../command.ts';
import { DONE } from '../io.ts';

export const version = defineCommand({
  name: 'version',
  group: 'files',
  about: 'Print the version',
  more: '',
  operands: [],
  options: {},
  examples: ['drover version'],
  async run({ json, out }) {
    if (json) await out.printJson({ version: manifest.version });
    else await out.print(`drover ${manifest.version}\n`);
    return DONE;
  },
});
