import type { Clock } from '../ports/clock.ts';
import type { SampleBatch } from '../ports/samples.ts';
import type { Forecast } from './forecast.ts';
import type { Measurements } from './measurements.ts';
import { NO_ROW } from './measurements.ts';
import type { Slice } from './sample-buffer.ts';
import { SLICE_ROWS } from './sample-stream.ts';
import { TRUSTED, verdictOf } from './trust-gate.ts';

const MISSING = verdictOf('missing');

/** Batches of the past into the windows, in slices, with a turn of the clock after each so that nothing else waits. */
export async function fillWindows(
  batches: AsyncIterable<SampleBatch>,
  take: (slice: Slice) => void,
  clock: Clock,
  isOver: () => boolean,
): Promise<void> {
  for await (const batch of batches) {
    for (let from = 0; from < batch.length && !isOver(); from += SLICE_ROWS) {
      take({ batch, from, to: Math.min(batch.length, from + SLICE_ROWS) });
      await turnOf(clock);
    }
    if (isOver()) return;
  }
}

/** Batches of the past into a forecast, one of its steps after the other. */
export async function fillForecast(
  batches: AsyncIterable<SampleBatch>,
  vms: Measurements,
  forecast: Forecast,
  clock: Clock,
  isOver: () => boolean,
): Promise<void> {
  const lesson = new Lesson(vms, forecast);
  for await (const batch of batches) {
    for (const at of stepsIn(batch, forecast.stepMs)) {
      lesson.take(batch, at.from, at.to);
      await turnOf(clock);
      if (isOver()) return;
    }
  }
  lesson.end();
}

interface Rows {
  readonly from: number;
  readonly to: number;
}

/** The rows of a batch, in order of time, by the step that they are of. */
function* stepsIn({ atMs, length }: SampleBatch, stepMs: number): Iterable<Rows> {
  let from = 0;
  for (let to = 1; to <= length; to++) {
    if (to < length && Math.floor(atMs[to]! / stepMs) === Math.floor(atMs[from]! / stepMs)) continue;
    yield { from, to };
    from = to;
  }
}

/** Gathers the values of one step until the next begins: a step may be spread over batches. */
class Lesson {
  readonly #vms: Measurements;
  readonly #forecast: Forecast;
  #values = new Float64Array(0);
  #verdict = new Uint8Array(0);
  #atMs = Number.NaN;

  constructor(vms: Measurements, forecast: Forecast) {
    this.#vms = vms;
    this.#forecast = forecast;
  }

  take({ entity, metric, value, atMs }: SampleBatch, from: number, to: number): void {
    if (!this.#isSameStep(atMs[from]!)) this.#begin();
    for (let i = from; i < to; i++) {
      const row = this.#vms.rowOf(entity[i]!);
      if (row === NO_ROW || row >= this.#values.length) continue;
      const mhz = this.#vms.mhzOf(metric[i]!, value[i]!, row);
      if (!(mhz >= 0 && mhz < Infinity)) continue;
      this.#values[row] = mhz;
      this.#verdict[row] = TRUSTED;
    }
    this.#atMs = atMs[to - 1]!;
  }

  end(): void {
    if (!Number.isNaN(this.#atMs)) this.#forecast.learn(this.#values, this.#verdict, this.#atMs);
  }

  #begin(): void {
    this.end();
    this.#values = new Float64Array(this.#vms.rows);
    this.#verdict = new Uint8Array(this.#vms.rows).fill(MISSING);
  }

  #isSameStep(atMs: number): boolean {
    const { stepMs } = this.#forecast;
    return Math.floor(atMs / stepMs) === Math.floor(this.#atMs / stepMs);
  }
}

const turnOf = (clock: Clock) => new Promise<void>((resolve) => clock.after(0, resolve));
