import { optionsJsonSchema } from '../sdk/options.ts';
import type { Policy } from '../sdk/policy.ts';

type Json = Readonly<Record<string, unknown>>;

/** A JSON Schema with a profile in it, made to know these policies and their options; others may stand there as before. */
export function withPolicies(schema: unknown, policies: readonly Policy[]): object {
  return changedAt(schema, ['properties', 'profile', 'properties', 'policies'], (choices) => {
    const known = policies.map(({ id, about, options }) => {
      const choice = changedAt(choices.additionalProperties, ['properties', 'options'], () =>
        optionsJsonSchema(options),
      );
      return [id, { ...choice, description: about }] as const;
    });
    return { ...choices, properties: Object.fromEntries(known) };
  });
}

function changedAt(value: unknown, path: readonly string[], change: (part: Json) => Json): Json {
  const here = value as Json;
  const [key, ...rest] = path;
  return key === undefined ? change(here) : { ...here, [key]: changedAt(here[key], rest, change) };
}
