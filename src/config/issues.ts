import * as z from 'zod';
import { closest, didYouMean } from './closest.ts';
import type { Path } from './problem.ts';

/** What is wrong at one place, in words that say what would be right. */
export interface Finding {
  readonly path: Path;
  /** The path names a key that should not be there, and not a value. */
  readonly atKey: boolean;
  readonly what: () => string;
}

export function findingsOf(issues: readonly z.core.$ZodIssue[], schema: z.ZodType, input: unknown): Finding[] {
  return issues.flatMap((issue) => findingsOfOne(issue, schema, input));
}

function findingsOfOne(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schemaAt(schema, issue.path, input), valueAt(input, issue.path));
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      atKey: true,
      what: () => unknownKeyWords(key, known),
    }));
  }
  return [{ path: issue.path, atKey: false, what: () => valueWords(issue, schema, input) }];
}

function unknownKeyWords(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  return meant === undefined
    ? `is not known; here may stand: ${known.join(', ')}`
    : `is not known — did you mean "${meant}"?`;
}

function valueWords(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown): string {
  if (issue.code === 'custom') return issue.message;
  const value = valueAt(input, issue.path);
  const wanted = wantedWords(issue);
  if (value !== undefined) return `is ${shown(value)}, should be ${wanted}${suggestion(issue, value)}`;
  const about = descriptionOf(schemaAt(schema, issue.path, input));
  return `is missing, should be ${wanted}${about === undefined ? '' : ` (${about})`}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of names to values',
  record: 'a mapping of names to values',
};

function wantedWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return TYPE_WORDS[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return choiceWords(issue.values);
  if (issue.code === 'too_small') return boundWords(issue.origin, issue.minimum, issue.inclusive ?? true, 'more');
  if (issue.code === 'too_big') return boundWords(issue.origin, issue.maximum, issue.inclusive ?? true, 'less');
  if (issue.code === 'invalid_union') return choiceWords(unionOptions(issue));
  return issue.message;
}

/** The values that tell the kinds of a union apart. */
const unionOptions = (issue: object): readonly unknown[] => (issue as { options?: unknown[] }).options ?? [];

function boundWords(origin: string, bound: number | bigint, inclusive: boolean, direction: 'more' | 'less'): string {
  if (origin === 'string') return bound === 1 ? 'a text that is not empty' : `${bound} characters or ${direction}`;
  if (origin === 'array' || origin === 'set') return `a list of ${bound} or ${direction}`;
  return inclusive ? `${bound} or ${direction}` : `${direction} than ${bound}`;
}

function choiceWords(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  return words.length === 1 ? words[0]! : `one of ${words.join(', ')}`;
}

function suggestion(issue: z.core.$ZodIssue, value: unknown): string {
  if (typeof value !== 'string') return '';
  const known =
    issue.code === 'invalid_value' ? issue.values : issue.code === 'invalid_union' ? unionOptions(issue) : [];
  return didYouMean(value, known.map(String));
}

const MOST_SHOWN = 40;

/** A value as it stands in the file, cut where it is long. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

export function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function schemaAt(schema: z.core.$ZodType, path: Path, input: unknown): z.core.$ZodType | undefined {
  let at: z.core.$ZodType | undefined = schema;
  let value = input;
  for (const key of path) {
    if (at === undefined) return undefined;
    at = partOf(bare(at), key, value);
    value = valueAt(value, [key]);
  }
  return at;
}

function partOf(schema: z.core.$ZodType, key: PropertyKey, value: unknown): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  const option = schema instanceof z.ZodDiscriminatedUnion ? optionFor(schema, value) : undefined;
  return option === undefined ? undefined : partOf(option, key, value);
}

/** The kind that a value of a union says it is. */
function optionFor(union: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType | undefined {
  const kind = valueAt(value, [union.def.discriminator]);
  return union.options.find(
    (each) => each instanceof z.ZodObject && z.safeParse(each.shape[union.def.discriminator], kind).success,
  );
}

/** Without its default and the like: what the value itself must be. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional;
  return wrapped ? bare(schema.unwrap()) : schema;
}

export function descriptionOf(schema: z.core.$ZodType | undefined): string | undefined {
  if (schema === undefined) return undefined;
  return z.globalRegistry.get(schema)?.description ?? z.globalRegistry.get(bare(schema))?.description;
}

function knownKeys(schema: z.core.$ZodType | undefined, value: unknown): string[] {
  const inner = schema === undefined ? undefined : bare(schema);
  if (inner instanceof z.ZodObject) return Object.keys(inner.shape);
  return inner instanceof z.ZodDiscriminatedUnion ? knownKeys(optionFor(inner, value), value) : [];
}
