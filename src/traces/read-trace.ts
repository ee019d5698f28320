import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS, type Metric } from '../domain/metric.ts';
import { POWER_STATES } from '../domain/power.ts';
import { Fields, splitFields } from './fields.ts';
import type { EventRow, HostRow, Part, SampleRow, TraceRow, VmRow } from './format.ts';
import { EVENT_KINDS, PART_NAMES, PARTS, SECTION_MARK, YES_OR_NO } from './format.ts';
import { type Line, linesOf } from './lines.ts';
import { quoted, type Spot, TraceTrouble, troubleAt } from './trouble.ts';

/** All rows of a trace, a folder or one file, in the order in which they are written. */
export async function* readTrace(path: string): AsyncGenerator<TraceRow> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new TraceTrouble(`${path}: there is no such file or folder`);
  if (!found.isDirectory()) yield* rowsOf(path, undefined);
  else for (const { file, part } of await partsIn(path)) yield* rowsOf(file, part);
}

/** Hosts and VMs first; then samples and events, each in the order of the names of their files. */
async function partsIn(folder: string): Promise<{ readonly file: string; readonly part: Part }[]> {
  const names = (await readdir(folder)).filter((name) => /\.csv(\.gz)?$/.test(name)).sort();
  const parts = names.map((name) => ({ file: join(folder, name), part: partNamed(name, folder) }));
  if (parts.length === 0) {
    throw new TraceTrouble(`${folder}: has no parts, should have files such as vms.csv and samples-0001.csv.gz`);
  }
  return parts.sort((a, b) => PART_NAMES.indexOf(a.part) - PART_NAMES.indexOf(b.part));
}

function partNamed(name: string, folder: string): Part {
  const part = PART_NAMES.find((each) => new RegExp(`^${each}\\b`).test(name));
  if (part !== undefined) return part;
  throw new TraceTrouble(`${join(folder, name)}: its name should begin with ${PART_NAMES.join(', ')}`);
}

interface Header {
  readonly part: Part;
  readonly columnOf: ReadonlyMap<string, number>;
}

async function* rowsOf(file: string, only: Part | undefined): AsyncGenerator<TraceRow> {
  let part = only;
  let header: Header | undefined;
  for await (const line of linesOf(file)) {
    if (only === undefined && line.text.startsWith(SECTION_MARK)) {
      part = sectionOf(line, file);
      header = undefined;
      continue;
    }
    if (part === undefined) {
      throw troubleAt({ file, line: line.number }, `${quoted(line.text)} should be "# vms" or another section`);
    }
    const fields = splitFields(line.text);
    // Who is killed while writing leaves a last line that is cut off.
    if (line.isCutOff && header !== undefined) return;
    if (fields === undefined) throw troubleAt({ file, line: line.number }, 'has a quote that is not closed');
    if (header === undefined) header = headerOf(fields, part, { file, line: line.number });
    else yield rowOf(header, fields, { file, line: line.number });
  }
}

function sectionOf({ text, number: line }: Line, file: string): Part {
  const name = text.slice(SECTION_MARK.length).trim();
  const part = PART_NAMES.find((each) => each === name);
  if (part === undefined) throw troubleAt({ file, line }, `${quoted(name)} should be one of ${PART_NAMES.join(', ')}`);
  return part;
}

function headerOf(names: readonly string[], part: Part, { file, line }: Spot): Header {
  const { required, optional }: { required: readonly string[]; optional: readonly string[] } = PARTS[part];
  const known = [...required, ...optional];
  const columnOf = new Map<string, number>();
  names.forEach((name, column) => {
    const spot = { file, line, column: column + 1 };
    if (!known.includes(name))
      throw troubleAt(spot, `${part} have no column ${quoted(name)}; known: ${known.join(', ')}`);
    if (columnOf.has(name)) throw troubleAt(spot, `the column ${name} is there twice`);
    columnOf.set(name, column);
  });
  const missing = required.find((name) => !columnOf.has(name));
  if (missing !== undefined) throw troubleAt({ file, line }, `the header of ${part} should have a column ${missing}`);
  return { part, columnOf };
}

function rowOf({ part, columnOf }: Header, split: readonly string[], { file, line }: Spot): TraceRow {
  if (split.length !== columnOf.size) {
    throw troubleAt({ file, line }, `has ${split.length} fields, should have ${columnOf.size} like the header`);
  }
  const fields = new Fields(split, columnOf, file, line);
  if (part === 'hosts') return { part, row: hostRow(fields) };
  if (part === 'vms') return { part, row: vmRow(fields) };
  return part === 'samples'
    ? { part, row: sampleRow(fields, measured(columnOf)) }
    : { part: 'events', row: eventRow(fields) };
}

function hostRow(fields: Fields): HostRow {
  return stated({
    id: fields.name('id'),
    cpuMhz: fields.number('cpuMhz'),
    cores: fields.number('cores'),
    memoryBytes: fields.number('memoryBytes'),
    rack: fields.text('rack'),
    site: fields.text('site'),
    wattsByLoad: fields.numbers('wattsByLoad'),
    offWatts: fields.number('offWatts'),
    power: fields.text('power') === undefined ? undefined : fields.oneOf('power', POWER_STATES),
    maintenance: fields.text('maintenance') === undefined ? undefined : fields.oneOf('maintenance', YES_OR_NO),
  });
}

function vmRow(fields: Fields): VmRow {
  return stated({
    id: fields.name('id'),
    host: fields.text('host'),
    vcpus: fields.number('vcpus'),
    memoryBytes: fields.number('memoryBytes'),
    tier: fields.text('tier'),
  });
}

/** Of the columns of one header, asked for with each row. */
const measuredBy = new WeakMap<ReadonlyMap<string, number>, readonly Metric[]>();

function measured(columnOf: ReadonlyMap<string, number>): readonly Metric[] {
  const known = measuredBy.get(columnOf) ?? METRICS.filter((metric) => columnOf.has(metric));
  measuredBy.set(columnOf, known);
  return known;
}

function sampleRow(fields: Fields, metrics: readonly Metric[]): SampleRow {
  const values: Partial<Record<Metric, number>> = {};
  for (const metric of metrics) {
    const value = fields.number(metric);
    if (value !== undefined) values[metric] = value;
  }
  return { atMs: fields.atMs(), kind: fields.oneOf('kind', ['host', 'vm']), id: fields.name('id'), values };
}

function eventRow(fields: Fields): EventRow {
  const kind = fields.oneOf('kind', EVENT_KINDS);
  return stated({ atMs: fields.atMs(), kind, id: fields.name('id'), from: fields.text('from'), to: fields.text('to') });
}

/** Without what is not stated. */
function stated<T extends object>(row: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
