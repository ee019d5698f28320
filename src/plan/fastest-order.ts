/** One of few moves whose order matters. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly durationMs: number;
  /** What it takes of each resource that can run short. */
  readonly needs: readonly number[];
  readonly mayStopOverAt: readonly number[];
}

export interface Puzzle {
  readonly pieces: readonly Piece[];
  /** Per resource that can run short, what each host has of it once all have landed that are under way. */
  readonly free: readonly Float64Array[];
  /** Until when each host is busy with what is under way. */
  readonly busyMs: Float64Array;
}

export interface Step {
  /** Index of the piece. */
  readonly piece: number;
  readonly from: number;
  readonly to: number;
}

export interface FastestOrder {
  /** Absent: none was found. */
  readonly turns: readonly Step[] | undefined;
  /** When it is done; what it had to be done before, where none was found. */
  readonly ms: number;
  /** False: the search was broken off, and some order may be faster. */
  readonly isProved: boolean;
  readonly looked: number;
}

/**
 * An order that is done sooner than `withinMs`, the fastest that there is with so many stop-overs, by branch and bound.
 * One migration at a time per host is taken for granted. Then whoever comes to a host begins after all who left it before
 * have arrived elsewhere, and room is a matter of the order alone.
 */
export function fastestOrder(
  puzzle: Puzzle,
  { withinMs, stopOvers, looks }: { withinMs: number; stopOvers: number; looks: number },
): FastestOrder {
  return new Search(puzzle, withinMs, stopOvers, looks).run();
}

interface Begin {
  readonly piece: number;
  readonly to: number;
  readonly startMs: number;
}

/** Of a partial order: where all are, and how many may still stop over. */
type Places = string;

/** Who waits for whom, and who for that one, and so on: as far as it is worth following. */
const ROUNDS = 3;

class Search {
  readonly #pieces: readonly Piece[];
  readonly #at: Int32Array;
  readonly #free: readonly Float64Array[];
  readonly #busyMs: Float64Array;
  /** What each host has left to do at least. */
  readonly #leftMs: Float64Array;
  /** From here nothing better came of it: for each, how long the hosts were busy. */
  readonly #failed = new Map<Places, Float64Array[]>();
  readonly #turns: Step[] = [];
  /** For sums that are made at each look: making arrays anew costs more than they do. */
  readonly #perHost: Float64Array;
  readonly #perPiece: Float64Array;
  readonly #isWaiting: Uint8Array;
  #stopsLeft: number;
  readonly #looks: number;
  #looksLeft: number;
  #bestMs: number;
  #best: readonly Step[] | undefined;

  constructor({ pieces, free, busyMs }: Puzzle, withinMs: number, stopOvers: number, looks: number) {
    this.#pieces = pieces;
    this.#at = Int32Array.from(pieces, ({ from }) => from);
    this.#free = free.map((room) => room.slice());
    this.#busyMs = busyMs.slice();
    this.#leftMs = new Float64Array(busyMs.length);
    for (const { from, to, durationMs } of pieces) for (const host of [from, to]) this.#leftMs[host]! += durationMs;
    this.#perHost = new Float64Array(busyMs.length);
    this.#perPiece = new Float64Array(pieces.length);
    this.#isWaiting = new Uint8Array(pieces.length);
    this.#stopsLeft = stopOvers;
    this.#looks = looks;
    this.#looksLeft = looks;
    this.#bestMs = withinMs;
  }

  run(): FastestOrder {
    this.#goOn(0, -1, 0);
    const looked = this.#looks - this.#looksLeft;
    return { turns: this.#best, ms: this.#bestMs, isProved: this.#looksLeft > 0, looked };
  }

  /** Moves are appended in the order in which they begin, and by number where they begin together: each order comes once. */
  #goOn(sinceMs: number, since: number, endMs: number): void {
    if (this.#pieces.every(({ to }, piece) => this.#at[piece] === to)) {
      this.#bestMs = endMs;
      this.#best = [...this.#turns];
      return;
    }
    if (this.#looksLeft <= 0 || this.#isHopeless(sinceMs) || this.#hasFailed(sinceMs)) return;
    this.#looksLeft -= 1;
    for (const { piece, to, startMs } of this.#next(sinceMs, since)) {
      const { durationMs } = this.#pieces[piece]!;
      if (startMs + durationMs < this.#bestMs) this.#take(piece, to, startMs, endMs);
    }
  }

  /** What could have begun before the last one belongs into another order. */
  #next(sinceMs: number, since: number): Begin[] {
    const found: Begin[] = [];
    this.#pieces.forEach(({ from, to, mayStopOverAt }, piece) => {
      const at = this.#at[piece]!;
      if (at === to) return;
      const consider = (target: number) => {
        const startMs = Math.max(this.#busyMs[at]!, this.#busyMs[target]!);
        if (startMs < sinceMs || (startMs === sinceMs && piece < since) || !this.#hasRoom(piece, target)) return;
        found.push({ piece, to: target, startMs });
      };
      consider(to);
      if (at === from && this.#stopsLeft > 0) mayStopOverAt.forEach(consider);
    });
    return found;
  }

  #hasRoom(piece: number, host: number): boolean {
    const { needs } = this.#pieces[piece]!;
    for (let r = 0; r < needs.length; r++) if (needs[r]! > this.#free[r]![host]!) return false;
    return true;
  }

  #take(piece: number, to: number, startMs: number, endMs: number): void {
    const { durationMs, to: target } = this.#pieces[piece]!;
    const from = this.#at[piece]!;
    const [fromMs, toMs] = [this.#busyMs[from]!, this.#busyMs[to]!];
    const isStop = to !== target;
    const addedMs = isStop ? durationMs : -durationMs;
    this.#put(piece, to);
    this.#leftMs[from]! -= durationMs;
    this.#leftMs[to]! += addedMs;
    this.#stopsLeft -= Number(isStop);
    this.#busyMs[from] = startMs + durationMs;
    this.#busyMs[to] = startMs + durationMs;
    this.#turns.push({ piece, from, to });
    this.#goOn(startMs, piece, Math.max(endMs, startMs + durationMs));
    this.#turns.pop();
    this.#busyMs[from] = fromMs;
    this.#busyMs[to] = toMs;
    this.#stopsLeft += Number(isStop);
    this.#leftMs[from]! += durationMs;
    this.#leftMs[to]! -= addedMs;
    this.#put(piece, from);
  }

  #put(piece: number, host: number): void {
    const before = this.#at[piece]!;
    this.#at[piece] = host;
    this.#pieces[piece]!.needs.forEach((need, r) => {
      this.#free[r]![before]! += need;
      this.#free[r]![host]! -= need;
    });
  }

  /** Whether some host, or some move that waits for room, cannot be done in time any more. */
  #isHopeless(sinceMs: number): boolean {
    const startMs = this.#soonestStarts(sinceMs);
    const firstMs = this.#perHost.fill(Number.POSITIVE_INFINITY);
    for (let piece = 0; piece < startMs.length; piece++) {
      const { to, durationMs } = this.#pieces[piece]!;
      const at = this.#at[piece]!;
      if (at === to) continue;
      const soonestMs = startMs[piece]!;
      if (soonestMs + durationMs >= this.#bestMs) return true;
      firstMs[to] = Math.min(firstMs[to]!, soonestMs);
      firstMs[at] = Math.min(firstMs[at]!, this.#mayStopOver(piece) ? this.#readyMs(at, sinceMs) : soonestMs);
    }
    for (let host = 0; host < firstMs.length; host++)
      if (this.#leftMs[host]! > 0 && firstMs[host]! + this.#leftMs[host]! >= this.#bestMs) return true;
    return false;
  }

  /** When each could arrive for good at the soonest: who lacks room waits until somebody has left. */
  #soonestStarts(sinceMs: number): Float64Array {
    const startMs = this.#perPiece;
    let isAnyWaiting = false;
    for (let piece = 0; piece < startMs.length; piece++) {
      const { to } = this.#pieces[piece]!;
      startMs[piece] = Math.max(this.#readyMs(this.#at[piece]!, sinceMs), this.#readyMs(to, sinceMs));
      const isWaiting = this.#at[piece] !== to && !this.#hasRoom(piece, to);
      this.#isWaiting[piece] = Number(isWaiting);
      isAnyWaiting ||= isWaiting;
    }
    for (let round = 0; round < ROUNDS && isAnyWaiting; round++) {
      const goneMs = this.#soonestGone(startMs, sinceMs);
      for (let piece = 0; piece < startMs.length; piece++)
        if (this.#isWaiting[piece] === 1) startMs[piece] = Math.max(startMs[piece]!, goneMs[this.#pieces[piece]!.to]!);
    }
    return startMs;
  }

  #soonestGone(startMs: Float64Array, sinceMs: number): Float64Array {
    const goneMs = this.#perHost.fill(Number.POSITIVE_INFINITY);
    for (let piece = 0; piece < startMs.length; piece++) {
      const { to, durationMs } = this.#pieces[piece]!;
      const at = this.#at[piece]!;
      if (at === to) continue;
      const leavesMs = this.#mayStopOver(piece) ? this.#readyMs(at, sinceMs) : startMs[piece]!;
      goneMs[at] = Math.min(goneMs[at]!, leavesMs + durationMs);
    }
    return goneMs;
  }

  #mayStopOver(piece: number): boolean {
    const { from, mayStopOverAt } = this.#pieces[piece]!;
    return this.#stopsLeft > 0 && mayStopOverAt.length > 0 && this.#at[piece] === from;
  }

  #readyMs(host: number, sinceMs: number): number {
    return Math.max(sinceMs, this.#busyMs[host]!);
  }

  /** Whether all were in the same places before, with no host busy for longer. If not that is noted: this will have failed. */
  #hasFailed(sinceMs: number): boolean {
    const places = String.fromCharCode(this.#stopsLeft, ...this.#at);
    const busyMs = this.#busyMs.slice();
    for (let host = 0; host < busyMs.length; host++) busyMs[host] = Math.max(busyMs[host]!, sinceMs);
    const known = this.#failed.get(places) ?? [];
    if (known.some((before) => isNowhereLater(before, busyMs))) return true;
    known.push(busyMs);
    if (known.length === 1) this.#failed.set(places, known);
    return false;
  }
}

function isNowhereLater(a: Float64Array, b: Float64Array): boolean {
  for (let host = 0; host < a.length; host++) if (a[host]! > b[host]!) return false;
  return true;
}
