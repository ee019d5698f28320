import { stringify } from 'yaml';
import * as z from 'zod';
import { bare, descriptionOf } from './issues.ts';
import { settingsSchema } from './schema.ts';

const WIDTH = 100;

const HEADER = [
  'Configuration of Drover.',
  'Every setting stands here with its default, commented out. Take away the # right before a name to change it.',
  'After a change, send SIGHUP to the daemon: it says what it took over, and what needs a restart.',
];

/** A configuration file that says everything and changes nothing: made from the schema, so that it cannot go stale. */
export function commentedConfig(): string {
  const schema = settingsSchema('simulated');
  const lines = [...HEADER.flatMap((line) => comment(line, '')), ...sectionLines(schema, schema.parse({}), '')];
  return `${lines.join('\n')}\n`;
}

function sectionLines(section: z.ZodObject, values: Readonly<Record<string, unknown>>, indent: string): string[] {
  return Object.entries(section.shape).flatMap(([key, schema]) => {
    const inner = bare(schema);
    const about = indent === '' ? ['', ...aboutLines(schema, indent)] : aboutLines(schema, indent);
    if (!(inner instanceof z.ZodObject)) return [...about, ...settingLines(key, values[key], indent)];
    const below = sectionLines(inner, values[key] as Readonly<Record<string, unknown>>, `${indent}  `);
    return [...about, `${indent}${key}:`, ...below];
  });
}

function aboutLines(schema: z.core.$ZodType, indent: string): string[] {
  const about = descriptionOf(schema);
  return about === undefined ? [] : comment(`${about}.`, indent);
}

function settingLines(key: string, value: unknown, indent: string): string[] {
  if (value === undefined) return [`${indent}#${key}:`];
  const lines = stringify({ [key]: value })
    .trimEnd()
    .split('\n');
  return lines.map((line) => `${indent}#${line}`);
}

function comment(sentence: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of sentence.split(' ')) {
    if (line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
