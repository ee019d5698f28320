type Column = Float64Array<ArrayBufferLike> | Int32Array<ArrayBufferLike> | Uint8Array<ArrayBufferLike>;

/** The same with all of its columns in memory that threads share instead of copying it. */
export function shared<T extends object>(value: T): T {
  const entries = Object.entries(value).map(([key, part]: [string, unknown]) => [key, sharedPart(part)]);
  return Object.fromEntries(entries) as T;
}

function sharedPart(part: unknown): unknown {
  if (part instanceof Float64Array) return inSharedMemory(part, new Float64Array(room(part)));
  if (part instanceof Int32Array) return inSharedMemory(part, new Int32Array(room(part)));
  if (part instanceof Uint8Array) return inSharedMemory(part, new Uint8Array(room(part)));
  return typeof part === 'object' && part !== null ? shared(part) : part;
}

const room = (column: Column): SharedArrayBuffer => new SharedArrayBuffer(column.byteLength);

function inSharedMemory<T extends Column>(from: T, into: T): T {
  into.set(from);
  return into;
}
