import { numberWord } from './exposition.ts';

/** Room for the line that fills the buffer, however long the ids in its labels. */
const SLACK_BYTES = 64 * 1024;
const LARGEST_SCALED = Number.MAX_SAFE_INTEGER;
const BILLION = 1_000_000_000;
const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const NEWLINE = 10;

/** Lines of text as bytes, written by hand: making a string of each number would cost several times as much. */
export class LineBuffer {
  readonly #bytes: Uint8Array;
  readonly #fullAt: number;
  readonly #digits = new Uint8Array(32);
  #length = 0;

  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes + SLACK_BYTES);
    this.#fullAt = bytes;
  }

  get isFull(): boolean {
    return this.#length >= this.#fullAt;
  }

  /** What was written since the last call. The bytes are good until something is written again. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }

  text(text: string): void {
    this.#length += new TextEncoder().encodeInto(text, this.#bytes.subarray(this.#length)).written;
  }

  bytes(source: Uint8Array, from: number, to: number): void {
    const target = this.#bytes;
    let at = this.#length;
    for (let i = from; i < to; i++) target[at++] = source[i]!;
    this.#length = at;
  }

  newline(): void {
    this.#bytes[this.#length++] = NEWLINE;
  }

  /** Rounded to so many decimals, without zeros at its end. */
  number(value: number, decimals: number): void {
    const scaled = Math.round(Math.abs(value) * 10 ** decimals);
    if (!(scaled <= LARGEST_SCALED)) {
      this.text(numberWord(value));
      return;
    }
    if (value < 0 && scaled > 0) this.#bytes[this.#length++] = MINUS;
    let count = this.#digitsOf(scaled);
    while (count <= decimals) this.#digits[count++] = ZERO;
    let last = 0;
    while (last < decimals && this.#digits[last] === ZERO) last++;
    for (let i = count - 1; i >= last; i--) {
      this.#bytes[this.#length++] = this.#digits[i]!;
      if (i === decimals && i > last) this.#bytes[this.#length++] = POINT;
    }
  }

  /** Puts the digits down, the last one first, and gives their number; whole division is fast below 2³¹ only. */
  #digitsOf(whole: number): number {
    const digits = this.#digits;
    let count = 0;
    const high = Math.floor(whole / BILLION);
    let low = (whole - high * BILLION) | 0;
    if (high > 0) {
      for (; count < 9; count++) {
        const rest = (low / 10) | 0;
        digits[count] = ZERO + low - rest * 10;
        low = rest;
      }
      low = high | 0;
    }
    do {
      const rest = (low / 10) | 0;
      digits[count++] = ZERO + low - rest * 10;
      low = rest;
    } while (low > 0);
    return count;
  }
}
