/** One series of an answer: its labels, and its points in order of time. */
export interface AnsweredSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

export interface Answer {
  readonly series: readonly AnsweredSeries[];
  /** What the store could not look at: then the answer is a part of the whole. */
  readonly warnings: readonly string[];
}

const SECOND_MS = 1000;

/** Reads what a store answers to a query; throws a sentence when it is no such thing. */
export function readAnswer(text: string): Answer {
  const { data, warnings } = asRecord(parsed(text), 'the answer');
  const { resultType, result } = asRecord(data, 'its data');
  if (resultType !== 'vector' && resultType !== 'matrix') {
    throw new Error(`the query gives a ${String(resultType)}, should give one value for each host or VM`);
  }
  return { series: asList(result, 'its result').map(readSeries), warnings: asTexts(warnings) };
}

/** The reason that a store gives for not answering; undefined where it gives none. */
export function readRefusal(text: string): string | undefined {
  try {
    const { error } = asRecord(parsed(text), 'the answer');
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('what it answers is not JSON: is this the address of a PromQL store?');
  }
}

function readSeries(series: unknown): AnsweredSeries {
  const { metric, value, values } = asRecord(series, 'a series');
  const points = value === undefined ? asList(values, 'the points of a series') : [value];
  return { labels: asLabels(asRecord(metric, 'the labels of a series')), points: points.map(readPoint) };
}

/** Seconds and a text; texts that are no numbers (such as +Inf) come out as NaN, which the trust gate knows. */
function readPoint(point: unknown): Point {
  const [seconds, text] = asList(point, 'a point');
  return { atMs: Math.round(Number(seconds) * SECOND_MS), value: typeof text === 'string' ? Number(text) : Number.NaN };
}

function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} is not what a PromQL store answers`);
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${what} is not what a PromQL store answers`);
}

function asLabels(record: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).filter((entry): entry is [string, string] => isText(entry[1])));
}

const asTexts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(isText) : []);

const isText = (value: unknown): value is string => typeof value === 'string';
