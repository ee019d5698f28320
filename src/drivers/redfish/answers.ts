/** What stands in an answer at these names, one inside the other; nothing where there is no such place. */
export function valueAt(body: unknown, ...names: readonly string[]): unknown {
  let value = body;
  for (const name of names) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

export function textAt(body: unknown, ...names: readonly string[]): string | undefined {
  const value = valueAt(body, ...names);
  return typeof value === 'string' ? value : undefined;
}

export function numberAt(body: unknown, ...names: readonly string[]): number | undefined {
  const value = valueAt(body, ...names);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
