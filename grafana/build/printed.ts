import type { Json } from './panel.ts';

const WIDTH = 120;

/** JSON as the repository's formatter has it: short lists of plain values on one line, everything else spread out. */
export function printed(value: Json): string {
  return `${printedAt(value, '', 0)}\n`;
}

/** `before`: characters on the line already, indentation and key. */
function printedAt(value: Json, indent: string, before: number): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}  `;
  if (isList(value)) {
    const inLine = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const isPlain = value.every((item) => item === null || typeof item !== 'object');
    if (isPlain && before + inLine.length + 1 <= WIDTH) return inLine;
    return spread(
      '[',
      value.map((item) => printedAt(item, inner, inner.length)),
      ']',
      indent,
    );
  }
  const entries = Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return [];
    const name = `${JSON.stringify(key)}: `;
    return `${name}${printedAt(item, inner, inner.length + name.length)}`;
  });
  return entries.length === 0 ? '{}' : spread('{', entries, '}', indent);
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);

function spread(opening: string, items: readonly string[], closing: string, indent: string): string {
  return `${opening}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}${closing}`;
}
