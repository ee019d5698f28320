import { caseJsonSchema } from '../../case/schema.ts';
import { configJsonSchema } from '../../config/schema.ts';
import { defineCommand } from '../command.ts';
import { DONE } from '../io.ts';

export const schema = defineCommand({
  name: 'schema',
  group: 'files',
  about: 'Print the JSON Schema of case files or of the configuration',
  more: 'Editors complete and check files with it. It carries units, defaults and a sentence for each field.',
  operands: [{ name: 'KIND', about: 'case or config', values: ['case', 'config'] }],
  options: {},
  examples: ['drover schema case > case.schema.json', 'drover schema config > drover.schema.json'],
  async run({ operands, out }) {
    await out.printJson(operands[0] === 'case' ? caseJsonSchema() : configJsonSchema());
    return DONE;
  },
});
