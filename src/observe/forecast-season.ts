const NEWEST_SEASON_WEIGHT = 0.3;
/** A slot stands for the middle of its span. */
const MIDDLE = 0.5;

/** Two neighbouring slots and how far between them an instant is; none where a slot has not been seen. */
export interface Between {
  readonly before: Float32Array;
  readonly after: Float32Array;
  readonly share: number;
}

/**
 * What is usual at each time of a season, in slots, one column of rows per slot; NaN: never seen. A column comes to be
 * when its time has passed for the first time, so memory grows with history and ends with the season. Seasons count from
 * the start of 1970, so a day is one of UTC.
 */
export class SeasonProfile {
  readonly #slotMs: number;
  readonly #columns: (Float32Array | undefined)[];
  #sum = new Float32Array(0);
  #count = new Uint16Array(0);
  #filling = -1;

  constructor(slots: number, seasonMs: number) {
    this.#slotMs = seasonMs / slots;
    this.#columns = new Array<Float32Array | undefined>(slots).fill(undefined);
  }

  reserve(rows: number): void {
    this.#columns.forEach((column, slot) => {
      if (column !== undefined) this.#columns[slot] = longerBy(column, rows, Number.NaN);
    });
    this.#sum = longerBy(this.#sum, rows, 0);
    const count = new Uint16Array(rows);
    count.set(this.#count);
    this.#count = count;
  }

  clear(row: number): void {
    for (const column of this.#columns) if (column !== undefined) column[row] = Number.NaN;
    this.#sum[row] = 0;
    this.#count[row] = 0;
  }

  /** Values by row at one instant, never earlier than those before; NaN: not known. */
  add(values: Float32Array, atMs: number): void {
    const slot = Math.floor(atMs / this.#slotMs) % this.#columns.length;
    if (slot !== this.#filling) this.#settle();
    this.#filling = slot;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      this.#sum[row]! += value;
      this.#count[row]! += 1;
    }
  }

  at(atMs: number): Between | undefined {
    const slots = this.#columns.length;
    const place = atMs / this.#slotMs - MIDDLE;
    const slot = Math.floor(place);
    const before = this.#columns[slot % slots];
    const after = this.#columns[(slot + 1) % slots];
    return before === undefined || after === undefined ? undefined : { before, after, share: place - slot };
  }

  #settle(): void {
    if (this.#filling < 0) return;
    const rows = this.#sum.length;
    const column = this.#columns[this.#filling] ?? new Float32Array(rows).fill(Number.NaN);
    this.#columns[this.#filling] = column;
    for (let row = 0; row < rows; row++) {
      const count = this.#count[row]!;
      if (count === 0) continue;
      const mean = this.#sum[row]! / count;
      const usual = column[row]!;
      column[row] = Number.isNaN(usual) ? mean : usual + NEWEST_SEASON_WEIGHT * (mean - usual);
    }
    this.#sum.fill(0);
    this.#count.fill(0);
  }
}

/** What is usual for the row there; NaN where it is not known. */
export function usual(between: Between | undefined, row: number): number {
  if (between === undefined) return Number.NaN;
  const before = between.before[row]!;
  return before + between.share * (between.after[row]! - before);
}

export function longerBy(column: Float32Array, length: number, filler: number): Float32Array<ArrayBuffer> {
  const copy = new Float32Array(length);
  copy.set(column);
  return copy.fill(filler, column.length);
}
