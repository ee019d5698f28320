import type { XdrReader, XdrWriter } from './xdr.ts';

/** Named values as libvirt's newer calls take and give them. */
export type TypedParameters = Readonly<Record<string, number | string | boolean>>;

const INT = 1;
const UINT = 2;
const LLONG = 3;
const ULLONG = 4;
const DOUBLE = 5;
const BOOLEAN = 6;
const STRING = 7;

/** A number to send carries its width: the server takes no other. */
export interface SentParameter {
  readonly name: string;
  readonly as: 'int' | 'ullong' | 'string';
  readonly value: number | string;
}

export function readParameters(reader: XdrReader): TypedParameters {
  return Object.fromEntries(reader.list(() => [reader.text(), readValue(reader)] as const));
}

function readValue(reader: XdrReader): number | string | boolean {
  const type = reader.int();
  if (type === INT) return reader.int();
  if (type === UINT) return reader.uint();
  if (type === LLONG) return reader.hyper();
  if (type === ULLONG) return reader.unsignedHyper();
  if (type === DOUBLE) return reader.double();
  if (type === BOOLEAN) return reader.int() !== 0;
  if (type === STRING) return reader.text();
  throw new RangeError(`${type} is no type of a parameter`);
}

export function writeParameters(writer: XdrWriter, parameters: readonly SentParameter[]): void {
  writer.list(parameters, ({ name, as, value }) => {
    writer.text(name);
    if (as === 'string') writer.int(STRING).text(String(value));
    else if (as === 'int') writer.int(INT).int(Number(value));
    else writer.int(ULLONG).hyper(Number(value));
  });
}

/** The number of this name, or nothing where it was not told. */
export function numberOf(parameters: TypedParameters, name: string): number | undefined {
  const value = parameters[name];
  return typeof value === 'number' ? value : undefined;
}
