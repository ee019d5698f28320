import type { Observable } from 'rxjs';
import { concat, from, ignoreElements, map, merge, Subscription, tap } from 'rxjs';
import { SECOND } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Interning, MetricSource, SampleBatch, SampleSource } from '../ports/samples.ts';
import type { Forecast } from './forecast.ts';
import { fillForecast, fillWindows } from './history.ts';
import type { Measurements } from './measurements.ts';
import type { ObservatorySettings } from './observe-settings.ts';
import { Outage, wordsOf } from './outage.ts';
import type { Slice } from './sample-buffer.ts';
import { SampleBuffer } from './sample-buffer.ts';
import { SLICE_ROWS, samplesFrom, sliced } from './sample-stream.ts';
import { Superseding } from './superseding.ts';

export interface IntakeParts {
  readonly driver: SampleSource;
  readonly sources: readonly MetricSource[];
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ObservatorySettings;
  readonly interning: Interning;
  readonly take: (slice: Slice) => void;
  /** A source gives samples again, after so long that what it measures was unknown. */
  readonly returned: (source: string) => void;
}

const MOST_WAITING_SAMPLES = 2_000_000;
/** Two weeks: one to learn from, one to find out how much it is worth. */
const SEASONS_OF_HISTORY = 14;

/**
 * Samples of the driver and of all other sources into one bounded buffer, and from there in slices to who takes them.
 * Each source lives and fails by itself.
 */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #buffer = new SampleBuffer(MOST_WAITING_SAMPLES);
  readonly #superseding: Superseding;
  readonly #outages = new Map<SampleSource, Outage>();
  readonly #running = new Subscription();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#superseding = new Superseding(parts.sources.flatMap(({ measures }) => measures));
    for (const source of [parts.driver, ...parts.sources]) this.#outages.set(source, this.#outageOf(source));
  }

  get dropped(): number {
    return this.#buffer.dropped;
  }

  start(): void {
    const { driver, sources, clock, take } = this.#parts;
    const own = this.#live(driver).pipe(map((batch) => this.#superseding.left(batch)));
    const others = sources.map((source) => concat(this.#past(source), this.#live(source)));
    this.#running.add(
      merge(own, ...others)
        .pipe(sliced(this.#buffer, clock))
        .subscribe(take),
    );
  }

  stop(): void {
    this.#running.unsubscribe();
  }

  /** Everything that waits, at once. */
  drain(): void {
    for (let slice = this.#buffer.next(SLICE_ROWS); slice; slice = this.#buffer.next(SLICE_ROWS))
      this.#parts.take(slice);
  }

  /** The driver itself says that it has lost sight. */
  driverFailed(because: string): void {
    this.#outages.get(this.#parts.driver)?.failed(because);
  }

  /** Teaches a forecast what the sources remember of past seasons; what cannot be read is told, and done without. */
  async teach(vms: Measurements, forecast: Forecast, seasonMs: number): Promise<void> {
    const { clock, interning } = this.#parts;
    const source = this.#parts.sources.find(({ measures }) => measures.some(isVmCpu));
    if (source === undefined) return;
    const toMs = clock.nowMs();
    const measured = source.measures.filter(isVmCpu);
    const wish = { measured, fromMs: toMs - SEASONS_OF_HISTORY * seasonMs, toMs, stepMs: forecast.stepMs };
    await this.#untilRead(source, 'for the forecast', () =>
      fillForecast(source.history(wish, interning), vms, forecast, clock, () => this.#running.closed),
    );
  }

  #past(source: MetricSource): Observable<never> {
    const { clock, interning, settings, take } = this.#parts;
    const fill = () => {
      const toMs = clock.nowMs();
      const fromMs = toMs - settings.slowWindowSeconds * SECOND;
      const wish = { measured: source.measures, fromMs, toMs, stepMs: this.#stepOfPastMs };
      return fillWindows(source.history(wish, interning), take, clock, () => this.#running.closed);
    };
    return from(this.#untilRead(source, 'for the windows', fill)).pipe(ignoreElements());
  }

  async #untilRead(source: SampleSource, what: string, read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.#parts.log.warn(`The history of ${source.name} could not be read ${what}: ${wordsOf(error)}.`);
    }
  }

  #live(source: SampleSource): Observable<SampleBatch> {
    const { clock, settings, interning } = this.#parts;
    const samples = samplesFrom(source, {
      intervalMs: this.#intervalMs,
      silentAfterMs: (settings.staleAfterIntervals + 1) * this.#intervalMs,
      interning,
      clock,
      outage: this.#outages.get(source) ?? this.#outageOf(source),
    });
    return samples.pipe(tap(this.#watchForReturn(source)));
  }

  /** Not all metrics are back at once: rates take a while longer. */
  #watchForReturn({ name }: SampleSource): () => void {
    const { clock, settings, returned } = this.#parts;
    const staleAfterMs = settings.staleAfterIntervals * this.#intervalMs;
    let heardAtMs = clock.nowMs();
    let returnsUntilMs = Number.NEGATIVE_INFINITY;
    return () => {
      const nowMs = clock.nowMs();
      if (nowMs - heardAtMs > staleAfterMs) returnsUntilMs = nowMs + staleAfterMs;
      if (nowMs <= returnsUntilMs) returned(name);
      heardAtMs = nowMs;
    };
  }

  #outageOf({ name }: SampleSource): Outage {
    return new Outage(`Sampling by ${name}`, 2 * this.#intervalMs, this.#parts.clock, this.#parts.log);
  }

  get #intervalMs(): number {
    return this.#parts.settings.sampleSeconds * SECOND;
  }

  /** A few samples for each part of the slow window: closer ones would only take longer. */
  get #stepOfPastMs(): number {
    return Math.max(this.#intervalMs, this.#parts.settings.fastWindowSeconds * SECOND * HALF);
  }
}

const HALF = 0.5;

const isVmCpu = ({ kind, metric }: MetricSource['measures'][number]) =>
  kind === 'vm' && (metric === 'cpuMhz' || metric === 'cpuCores');
