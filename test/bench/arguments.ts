import { parseArgs } from 'node:util';

/** Numbers given as `--name N`, each with a default; `--json` for one line of JSON and nothing else. */
export function benchArguments<const N extends Readonly<Record<string, number>>>(
  defaults: N,
): Record<keyof N, number> & { readonly json: boolean } {
  const names = Object.keys(defaults);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ options: { ...options, json: { type: 'boolean' as const } } });
  const given = values as Readonly<Record<string, string | boolean | undefined>>;
  const numbers = names.map((name) => [name, numberOf(name, given[name], defaults[name]!)]);
  return { ...(Object.fromEntries(numbers) as Record<keyof N, number>), json: given.json === true };
}

function numberOf(name: string, given: string | boolean | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  const number = Number(given);
  if (!Number.isFinite(number)) throw new Error(`--${name} must be a number, not ${String(given)}`);
  return number;
}
