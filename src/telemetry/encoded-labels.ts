import { escaped } from './exposition.ts';

/** How many ids are encoded before others get a turn. */
const AT_ONCE = 4096;
const MOST_BYTES_PER_CHAR = 3;

/**
 * One label of many entities as bytes: `vm="web-17"`. Made once for a list of ids, in pieces, because a hundred thousand
 * at a time would hold everybody up.
 */
export class EncodedLabels {
  readonly ids: readonly string[];
  readonly #name: string;
  readonly #start: Uint32Array;
  #bytes: Uint8Array;
  #done = 0;

  constructor(name: string, ids: readonly string[]) {
    this.#name = name;
    this.ids = ids;
    this.#start = new Uint32Array(ids.length + 1);
    this.#bytes = new Uint8Array(0);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the label of each entity begins; that of the next is where it ends. */
  get start(): Uint32Array {
    return this.#start;
  }

  /** Encodes a few more; false once all are done. */
  encodeSome(): boolean {
    const to = Math.min(this.ids.length, this.#done + AT_ONCE);
    const labels = this.ids.slice(this.#done, to).map((id) => `${this.#name}="${escaped(id)}"`);
    this.#reserve(labels.reduce((sum, label) => sum + label.length * MOST_BYTES_PER_CHAR, 0));
    const encoder = new TextEncoder();
    for (const label of labels) {
      const at = this.#start[this.#done]!;
      const { written } = encoder.encodeInto(label, this.#bytes.subarray(at));
      this.#start[++this.#done] = at + written;
    }
    return this.#done < this.ids.length;
  }

  #reserve(more: number): void {
    const needed = this.#start[this.#done]! + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.ceil(needed * 1.5));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
