import type { Column } from '../domain/columns.ts';
import type { Snapshot } from '../domain/snapshot.ts';

/** The snapshot, with every column that equals its predecessor's replaced by that very column. */
export function sharedWith(before: Snapshot | undefined, snapshot: Snapshot): Snapshot {
  if (before === undefined) return snapshot;
  return { ...snapshot, hosts: shared(before.hosts, snapshot.hosts), vms: shared(before.vms, snapshot.vms) };
}

type Table = Snapshot['hosts'] | Snapshot['vms'];

function shared<T extends Table>(before: T, after: T): T {
  const sameIds = areEqual(before.ids, after.ids);
  const table = { ...after };
  for (const key in after) {
    if (key === 'index') table[key] = sameIds ? before[key] : after[key];
    else table[key] = keepEqual(before[key], after[key]);
  }
  return table;
}

function keepEqual<T>(before: T, after: T): T {
  if (before === after || !isList(before) || !isList(after)) return after;
  if (!Array.isArray(after)) return areEqual(before, after) ? before : after;
  const entries: unknown[] = after;
  if (!isList(entries[0])) return areEqual(before, after) ? before : after;
  return entries.map((column, index) => keepEqual(before[index], column)) as T;
}

type List = Column | readonly unknown[];

const isList = (value: unknown): value is List => Array.isArray(value) || ArrayBuffer.isView(value);

function areEqual(a: List, b: List): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  if (isBytes(a) && isBytes(b)) return a.constructor === b.constructor && bytesOf(a).equals(bytesOf(b));
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

const isBytes = (list: List): list is List & ArrayBufferView => ArrayBuffer.isView(list);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);
