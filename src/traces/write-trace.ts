import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { METRICS } from '../domain/metric.ts';
import { joinFields } from './fields.ts';
import type { EventRow, HostRow, Part, SampleRow, VmRow } from './format.ts';
import { LIST_MARK, PARTS } from './format.ts';
import { TraceTrouble } from './trouble.ts';

/** A new file is begun after so much: parts can be packed, moved and thrown away one by one. */
const MOST_PART_BYTES = 256 * 2 ** 20;
/** Lines that are written together. */
const LINES_PER_WRITE = 4096;

interface OpenPart {
  readonly handle: FileHandle;
  bytes: number;
}

/**
 * Writes a trace into a folder, a file or more for each part. What was written is there when the promise is kept, in whole
 * lines: who is killed loses at most the line that was being written.
 */
export class TraceWriter {
  readonly #folder: string;
  readonly #open = new Map<string, OpenPart>();
  readonly #begun = new Map<string, number>();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws a sentence where there is something already. */
  static async in(folder: string): Promise<TraceWriter> {
    await mkdir(folder, { recursive: true });
    const there = (await readdir(folder)).find((name) => /\.csv(\.gz)?$/.test(name));
    if (there !== undefined) {
      throw new TraceTrouble(`${folder}: holds ${there} already, should be a folder without a trace`);
    }
    return new TraceWriter(folder);
  }

  hosts(rows: readonly HostRow[]): Promise<void> {
    const list = (numbers?: readonly number[]) => numbers?.join(LIST_MARK);
    return this.#write('hosts', 'hosts', rows, ({ wattsByLoad, ...row }) => ({
      ...row,
      wattsByLoad: list(wattsByLoad),
    }));
  }

  vms(rows: readonly VmRow[]): Promise<void> {
    return this.#write('vms', 'vms', rows, (row) => ({ ...row }));
  }

  /** Of one kind, in order of time. */
  samples(kind: SampleRow['kind'], rows: readonly SampleRow[]): Promise<void> {
    return this.#write('samples', `samples-${kind}s`, rows, ({ values, ...row }) => ({ ...row, ...values }));
  }

  events(rows: readonly EventRow[]): Promise<void> {
    return this.#write('events', 'events', rows, (row) => ({ ...row }));
  }

  async close(): Promise<void> {
    for (const { handle } of this.#open.values()) await handle.close();
    this.#open.clear();
  }

  async #write<R>(
    part: Part,
    name: string,
    rows: readonly R[],
    read: (row: R) => Readonly<Record<string, string | number | undefined>>,
  ): Promise<void> {
    const columns = columnsOf(part);
    for (let from = 0; from < rows.length; from += LINES_PER_WRITE) {
      const lines = rows.slice(from, from + LINES_PER_WRITE).map((row) => {
        const values = read(row);
        return `${joinFields(columns.map((column) => values[column]))}\n`;
      });
      await this.#append(part, name, lines.join(''));
    }
  }

  async #append(part: Part, name: string, text: string): Promise<void> {
    const to = this.#open.get(name) ?? (await this.#begin(part, name));
    await to.handle.appendFile(text);
    to.bytes += text.length;
    if (to.bytes < MOST_PART_BYTES) return;
    await to.handle.close();
    this.#open.delete(name);
  }

  async #begin(part: Part, name: string): Promise<OpenPart> {
    const number = (this.#begun.get(name) ?? 0) + 1;
    this.#begun.set(name, number);
    const handle = await open(join(this.#folder, `${name}-${String(number).padStart(4, '0')}.csv`), 'ax');
    await handle.appendFile(`${joinFields(columnsOf(part))}\n`);
    const begun = { handle, bytes: 0 };
    this.#open.set(name, begun);
    return begun;
  }
}

function columnsOf(part: Part): readonly string[] {
  if (part === 'samples') return [...PARTS.samples.required, ...METRICS];
  const { required, optional }: { required: readonly string[]; optional: readonly string[] } = PARTS[part];
  return [...required, ...optional];
}
