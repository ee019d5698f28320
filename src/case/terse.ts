import * as z from 'zod';
import { bare } from '../config/issues.ts';

export type Terse = (value: unknown) => unknown;

type Fields = Readonly<Record<string, unknown>>;

/** Makes the shortest form that the schema reads back as the same value: no defaults, and keys in the schema's order. */
export function terseForm(schema: z.core.$ZodType): Terse {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) return terseObject(inner);
  if (inner instanceof z.ZodRecord) return terseRecord(terseForm(inner.valueType));
  if (inner instanceof z.ZodDiscriminatedUnion) return terseUnion(inner);
  return (value) => value;
}

function terseObject(schema: z.ZodObject): Terse {
  const fields = Object.entries(schema.shape).map(([key, field]) => ({
    key,
    fallback: field instanceof z.ZodDefault ? field.def.defaultValue : undefined,
    mayBeEmpty: !(field instanceof z.ZodPrefault),
    terse: terseForm(field),
  }));
  return (value) => {
    const written: Record<string, unknown> = {};
    for (const { key, fallback, mayBeEmpty, terse } of fields) {
      const part = (value as Fields)[key];
      if (part === undefined || sameValue(part, fallback)) continue;
      const short = terse(part);
      if (mayBeEmpty || !isEmpty(short)) written[key] = short;
    }
    return written;
  };
}

function terseRecord(terse: Terse): Terse {
  return (value) => Object.fromEntries(Object.entries(value as Fields).map(([key, part]) => [key, terse(part)]));
}

function terseUnion(union: z.ZodDiscriminatedUnion): Terse {
  const key = union.def.discriminator;
  const options = union.options.flatMap((option) =>
    option instanceof z.ZodObject ? [{ kind: option.shape[key] as z.core.$ZodType, terse: terseObject(option) }] : [],
  );
  return (value) => {
    const option = options.find(({ kind }) => z.safeParse(kind, (value as Fields)[key]).success);
    if (option === undefined) throw new Error(`${String((value as Fields)[key])} is no ${key} of the schema`);
    return option.terse(value);
  };
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && sameValue((a as Fields)[key], (b as Fields)[key]));
}
