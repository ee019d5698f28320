/** How messages lie on the wire: a length that counts itself, six numbers, and the payload. */
export interface Message {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
  readonly payload: Buffer;
}

export const TYPE = { call: 0, reply: 1, event: 2 } as const;
export const STATUS_ERROR = 1;

const VERSION = 1;
const HEADER_BYTES = 28;
const LENGTH_BYTES = 4;
/** No server sends longer ones. */
const MOST_BYTES = 32 * 1024 * 1024;

export function frame({ program, procedure, type, serial, status, payload }: Message): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  [HEADER_BYTES + payload.length, program, VERSION, procedure, type, serial, status].forEach((number, index) => {
    header.writeUInt32BE(number, index * LENGTH_BYTES);
  });
  return Buffer.concat([header, payload]);
}

/** Cuts a stream of bytes into messages; throws a RangeError where it cannot be one. */
export class Frames {
  #parts: Buffer[] = [];
  #bytes = 0;

  take(bytes: Buffer): Message[] {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    const messages: Message[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) messages.push(next);
    return messages;
  }

  #next(): Message | undefined {
    if (this.#bytes < LENGTH_BYTES) return undefined;
    const length = this.#joined(LENGTH_BYTES).readUInt32BE();
    if (length < HEADER_BYTES || length > MOST_BYTES) throw new RangeError(`a message of ${length} bytes`);
    if (this.#bytes < length) return undefined;
    const all = this.#joined(length);
    this.#parts = all.length > length ? [all.subarray(length)] : [];
    this.#bytes -= length;
    return messageOf(all.subarray(0, length));
  }

  /** The first part, made at least so long: parts of a long message are joined once, when the last has come. */
  #joined(length: number): Buffer {
    const [first] = this.#parts;
    if (first !== undefined && first.length >= length) return first;
    const all = Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }
}

function messageOf(bytes: Buffer): Message {
  const word = (index: number) => bytes.readUInt32BE(index * LENGTH_BYTES);
  const payload = bytes.subarray(HEADER_BYTES);
  return { program: word(1), procedure: word(3), type: word(4), serial: word(5), status: word(6), payload };
}
