import { LIST_MARK } from './format.ts';
import { quoted, type Spot, troubleAt } from './trouble.ts';

/** One line of a table against its header: what is asked for by name, told with its place where it is wrong. */
export class Fields {
  readonly #fields: readonly string[];
  readonly #columnOf: ReadonlyMap<string, number>;
  readonly #file: string;
  readonly #line: number;

  constructor(fields: readonly string[], columnOf: ReadonlyMap<string, number>, file: string, line: number) {
    this.#fields = fields;
    this.#columnOf = columnOf;
    this.#file = file;
    this.#line = line;
  }

  text(name: string): string | undefined {
    const field = this.#field(name);
    return field === '' ? undefined : field;
  }

  name(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw this.trouble(name, `is empty, should be ${name === 'id' ? 'an id' : `a ${name}`}`);
    return text;
  }

  number(name: string): number | undefined {
    const field = this.#field(name);
    return field === '' ? undefined : this.#numberIn(name, field);
  }

  atMs(): number {
    const atMs = this.number('atMs');
    if (atMs !== undefined && Number.isInteger(atMs)) return atMs;
    throw this.trouble('atMs', `${quoted(this.#field('atMs'))} should be an instant in whole milliseconds since 1970`);
  }

  numbers(name: string): readonly number[] | undefined {
    const field = this.#field(name);
    return field === '' ? undefined : field.split(LIST_MARK).map((each) => this.#numberIn(name, each));
  }

  oneOf<const V extends string>(name: string, known: readonly V[]): V {
    const field = this.#field(name);
    const found = known.find((value) => value === field);
    if (found === undefined) throw this.trouble(name, `${quoted(field)} should be one of ${known.join(', ')}`);
    return found;
  }

  trouble(name: string, words: string): Error {
    const spot: Spot = { file: this.#file, line: this.#line, column: (this.#columnOf.get(name) ?? 0) + 1 };
    return troubleAt(spot, `${name} ${words}`);
  }

  #numberIn(name: string, text: string): number {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (number >= 0 && number < Number.POSITIVE_INFINITY) return number;
    throw this.trouble(name, `${quoted(text)} should be a number that is not negative`);
  }

  #field(name: string): string {
    const column = this.#columnOf.get(name);
    return column === undefined ? '' : this.#fields[column]!;
  }
}

/** Comma-separated; a field with commas or quotes is in quotes, its own quotes doubled. Undefined: a quote stays open. */
export function splitFields(text: string): string[] | undefined {
  if (!text.includes('"')) return text.split(',');
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  while (field.lastIndex <= text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) return undefined;
    fields.push(found[1] === undefined ? found[2]! : found[1].replaceAll('""', '"'));
    if (found[3] === '' || field.lastIndex === at) break;
  }
  return fields;
}

export function joinFields(fields: readonly (string | number | undefined)[]): string {
  return fields.map(fieldOf).join(',');
}

function fieldOf(value: string | number | undefined): string {
  if (value === undefined) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""').replaceAll(/[\r\n]+/g, ' ')}"` : text;
}
