const ALIGNMENT = 4;
const padding = (length: number) => (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;

/** External Data Representation (RFC 4506), as much as the protocol uses: everything is big-endian and a multiple of four. */
export class XdrWriter {
  readonly #parts: Buffer[] = [];

  int(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32BE(value);
    return this.#add(part);
  }

  uint(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32BE(value);
    return this.#add(part);
  }

  hyper(value: number): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64BE(BigInt(value));
    return this.#add(part);
  }

  double(value: number): this {
    const part = Buffer.alloc(8);
    part.writeDoubleBE(value);
    return this.#add(part);
  }

  /** Bytes of a length that both sides know. */
  fixed(bytes: Buffer): this {
    return this.#add(Buffer.concat([bytes, Buffer.alloc(padding(bytes.length))]));
  }

  bytes(bytes: Buffer): this {
    return this.uint(bytes.length).fixed(bytes);
  }

  text(text: string): this {
    return this.bytes(Buffer.from(text, 'utf8'));
  }

  optionalText(text: string | undefined): this {
    return text === undefined ? this.uint(0) : this.uint(1).text(text);
  }

  list<T>(values: readonly T[], write: (value: T) => void): this {
    this.uint(values.length);
    for (const value of values) write(value);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }
}

/** Reads what an XdrWriter wrote; a message that ends too early throws a RangeError. */
export class XdrReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  int(): number {
    return this.#take(4).readInt32BE();
  }

  uint(): number {
    return this.#take(4).readUInt32BE();
  }

  /** Counters beyond 2⁵³ lose their last digits, which nobody needs. */
  hyper(): number {
    return Number(this.#take(8).readBigInt64BE());
  }

  unsignedHyper(): number {
    return Number(this.#take(8).readBigUInt64BE());
  }

  double(): number {
    return this.#take(8).readDoubleBE();
  }

  fixed(length: number): Buffer {
    const bytes = this.#take(length);
    this.#take(padding(length));
    return bytes;
  }

  bytes(): Buffer {
    return this.fixed(this.uint());
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  optionalText(): string | undefined {
    return this.uint() === 0 ? undefined : this.text();
  }

  /** An element takes at least four bytes, so a count beyond what is left is no count. */
  list<T>(read: () => T): T[] {
    const count = this.uint();
    if (count * ALIGNMENT > this.left) throw new RangeError(`a list of ${count} does not fit into ${this.left} bytes`);
    return Array.from({ length: count }, read);
  }

  #take(length: number): Buffer {
    if (length > this.left) throw new RangeError(`${length} bytes wanted, ${this.left} left`);
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }
}
