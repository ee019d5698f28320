/** Options of policies: type, default, bounds, unit and sentence in one place. */
export interface OptionSpec<T> {
  readonly kind: 'number' | 'flag' | 'choice';
  readonly about: string;
  readonly fallback: T;
  readonly unit?: string;
  readonly least?: number;
  readonly most?: number;
  readonly values?: readonly string[];
}

export type OptionSpecs = Readonly<Record<string, OptionSpec<number> | OptionSpec<boolean> | OptionSpec<string>>>;

/** The compiled options of a policy: every one present, with the type that its spec states. */
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]: O[K] extends OptionSpec<infer T> ? T : never;
};

interface Bounds {
  readonly least?: number;
  readonly most?: number;
}

function numeric(unit: string, about: string, fallback: number, bounds: Bounds): OptionSpec<number> {
  return { kind: 'number', about, fallback, unit, ...bounds };
}

export const option = {
  /** A share of something, 0 to 1. */
  share: (about: string, fallback: number): OptionSpec<number> =>
    numeric('share', about, fallback, { least: 0, most: 1 }),
  number: (about: string, fallback: number, unit: string, bounds: Bounds = {}): OptionSpec<number> =>
    numeric(unit, about, fallback, bounds),
  minutes: (about: string, fallback: number, bounds: Bounds = { least: 0 }): OptionSpec<number> =>
    numeric('minutes', about, fallback, bounds),
  flag: (about: string, fallback: boolean): OptionSpec<boolean> => ({ kind: 'flag', about, fallback }),
  choice: <const V extends readonly string[]>(
    about: string,
    values: V,
    fallback: V[number],
  ): OptionSpec<V[number]> => ({
    kind: 'choice',
    about,
    fallback,
    values,
  }),
};

export type Compiled<T> = { readonly values: T } | { readonly problems: readonly string[] };

/** What was given, checked and completed; or all that is wrong with it, one sentence each. */
export function compileOptions(
  specs: OptionSpecs,
  given: Readonly<Record<string, unknown>>,
): Compiled<OptionValues<OptionSpecs>> {
  const problems = Object.keys(given)
    .filter((name) => !(name in specs))
    .map((name) => `there is no option "${name}"; known: ${Object.keys(specs).join(', ') || 'none'}`);
  const values: Record<string, number | boolean | string> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = given[name] ?? spec.fallback;
    const wrong = whatIsWrong(spec, value);
    if (wrong === undefined) values[name] = value as number | boolean | string;
    else problems.push(`option "${name}" ${wrong}, not ${JSON.stringify(value)}`);
  }
  return problems.length > 0 ? { problems } : { values };
}

function whatIsWrong(spec: OptionSpecs[string], value: unknown): string | undefined {
  if (spec.kind === 'flag') return typeof value === 'boolean' ? undefined : 'must be true or false';
  if (spec.kind === 'choice') {
    return spec.values?.some((known) => known === value) ? undefined : `must be one of ${spec.values?.join(', ')}`;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return `must be a number (${spec.unit})`;
  if (spec.least !== undefined && value < spec.least) return `must be at least ${spec.least} (${spec.unit})`;
  if (spec.most !== undefined && value > spec.most) return `must be at most ${spec.most} (${spec.unit})`;
  return undefined;
}

/** JSON Schema of a policy's options, for editors and the API. */
export function optionsJsonSchema(specs: OptionSpecs): Readonly<Record<string, unknown>> {
  const properties = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, propertySchema(spec)]));
  return { type: 'object', properties, additionalProperties: false };
}

function propertySchema(spec: OptionSpecs[string]): Readonly<Record<string, unknown>> {
  const description = spec.unit === undefined ? spec.about : `${spec.about} (${spec.unit})`;
  const common = { description, default: spec.fallback };
  if (spec.kind === 'flag') return { type: 'boolean', ...common };
  if (spec.kind === 'choice') return { enum: spec.values, ...common };
  return {
    type: 'number',
    ...(spec.least === undefined ? {} : { minimum: spec.least }),
    ...(spec.most === undefined ? {} : { maximum: spec.most }),
    ...common,
  };
}
