import type { OperatorFunction } from 'rxjs';
import { Observable, retry } from 'rxjs';
import { spanWords } from '../domain/words.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Interning, SampleBatch, SampleSource } from '../ports/samples.ts';
import type { Outage } from './outage.ts';
import { wordsOf } from './outage.ts';
import type { SampleBuffer, Slice } from './sample-buffer.ts';

export interface StreamOptions {
  readonly intervalMs: number;
  /** A source that says nothing for so long, neither samples nor failures, is stopped and started again. */
  readonly silentAfterMs: number;
  readonly interning: Interning;
  readonly clock: Clock;
  readonly outage: Outage;
}

const LONGEST_BACKOFF_INTERVALS = 16;

/** A source as a stream that never ends by itself: what fails or falls silent is started again, with growing patience. */
export function samplesFrom(source: SampleSource, options: StreamOptions): Observable<SampleBatch> {
  const { clock, outage, intervalMs } = options;
  const delay = (error: unknown, attempt: number) => {
    outage.failed(wordsOf(error));
    return timer(clock, intervalMs * Math.min(2 ** (attempt - 1), LONGEST_BACKOFF_INTERVALS));
  };
  return connection(source, options).pipe(retry({ delay, resetOnSuccess: true }));
}

function connection(source: SampleSource, options: StreamOptions): Observable<SampleBatch> {
  const { clock, outage, intervalMs, silentAfterMs, interning } = options;
  return new Observable((subscriber) => {
    let stopWatching: Stop = () => {};
    subscriber.add(() => stopWatching());
    const silent = () => subscriber.error(new Error(`no samples for ${spanWords(silentAfterMs)}`));
    const alive = () => {
      stopWatching();
      stopWatching = clock.after(silentAfterMs, silent);
    };
    const receive = (batch: SampleBatch) => {
      alive();
      outage.worked();
      subscriber.next(batch);
    };
    const failed = (because: string) => {
      alive();
      outage.failed(because);
    };
    const stop = source.sample(intervalMs, interning, receive, failed);
    alive();
    return stop;
  });
}

/** So many rows at a time: what else the process has to do never waits for a large batch. */
export const SLICE_ROWS = 20_000;

/** Batches to slices, a turn of the clock for each, through a bounded buffer. */
export function sliced(buffer: SampleBuffer, clock: Clock): OperatorFunction<SampleBatch, Slice> {
  return (batches) =>
    new Observable((subscriber) => {
      let stopDraining: Stop | undefined;
      const drain = () => {
        stopDraining = undefined;
        const slice = buffer.next(SLICE_ROWS);
        if (slice !== undefined) subscriber.next(slice);
        if (buffer.samples > 0) drainSoon();
      };
      const drainSoon = () => {
        stopDraining ??= clock.after(0, drain);
      };
      subscriber.add(() => stopDraining?.());
      const next = (batch: SampleBatch) => {
        buffer.offer(batch);
        drainSoon();
      };
      return batches.subscribe({ next, error: (error) => subscriber.error(error) });
    });
}

function timer(clock: Clock, delayMs: number): Observable<void> {
  return new Observable((subscriber) => clock.after(delayMs, () => subscriber.next()));
}
