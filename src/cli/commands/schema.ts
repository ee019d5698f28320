import { resolve } from 'node:path';
import { caseJsonSchema } from '../../case/schema.ts';
import { didYouMean } from '../../config/closest.ts';
import { withPolicies } from '../../config/policy-schema.ts';
import { configJsonSchema } from '../../config/schema.ts';
import { loadPolicies } from '../../loading/load-policies.ts';
import { optionsJsonSchema } from '../../sdk/options.ts';
import type { Policy } from '../../sdk/policy.ts';
import { POLICIES_OPTION } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { type Ending, isEnding, wrong } from '../io.ts';

export const schema = defineCommand({
  name: 'schema',
  group: 'files',
  about: 'Print the JSON Schema of case files, of the configuration or of a policy',
  more: 'Editors complete and check files with it. It carries units, defaults and a sentence for each field.',
  operands: [
    { name: 'KIND', about: 'case, config or policy', values: ['case', 'config', 'policy'] },
    { name: 'ID', about: 'Of which policy', optional: true },
  ],
  options: { policies: POLICIES_OPTION },
  examples: [
    'drover schema case > case.schema.json',
    'drover schema config --policies ./my-policies > drover.schema.json',
    'drover schema policy load-balance',
  ],
  async run({ operands: [kind, id], options, io, out }) {
    if (kind !== 'policy' && id !== undefined) return wrong(`drover schema ${kind} cannot do anything with "${id}"`);
    const folders = options.policies === undefined ? [] : [resolve(io.cwd, options.policies)];
    const loaded = await loadPolicies({ folders });
    const policies = loaded.policies.map(({ policy }) => policy);
    const printed = kind === 'policy' ? optionsOf(id, policies) : withPolicies(SCHEMAS[kind as Kind](), policies);
    if (isEnding(printed)) return printed;
    await out.printJson(printed);
    return { exitCode: 0, sentences: loaded.problems };
  },
});

const SCHEMAS = { case: caseJsonSchema, config: configJsonSchema };
type Kind = keyof typeof SCHEMAS;

function optionsOf(id: string | undefined, policies: readonly Policy[]): object | Ending {
  if (id === undefined) return wrong('drover schema policy needs an ID: drover schema policy ID');
  const policy = policies.find((each) => each.id === id);
  if (policy !== undefined) return { ...optionsJsonSchema(policy.options), title: `Options of ${id}` };
  const known = policies.map((each) => each.id);
  return wrong(`ID is "${id}", should be one of ${known.join(', ')}${didYouMean(id, known)}`);
}
