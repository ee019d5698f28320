import { SECOND } from '../../domain/units.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { HistoryWish, Interning, Measured, MetricSource, SampleBatch } from '../../ports/samples.ts';
import type { Answer } from './answers.ts';
import type { StoreAddress } from './promql-store.ts';
import { PromqlStore } from './promql-store.ts';
import type { Query, QuerySet } from './query-sets.ts';
import { chooseQueries } from './query-sets.ts';
import type { Naming, Row } from './rows.ts';
import { batchOf, RowReader } from './rows.ts';

export interface PrometheusOptions extends StoreAddress {
  readonly rateSeconds: number;
  readonly sets: readonly QuerySet[];
  readonly queries: readonly Query[];
  readonly host: Naming;
  readonly vm: Naming;
}

/** Of each series in one answer: a day of many VMs is asked for in parts. */
const MOST_POINTS = 100;

const KINDS = ['host', 'vm'] as const;

type Failed = (because: string) => void;

/** Samples from a store that speaks PromQL: one query per metric. */
export class PrometheusSource implements MetricSource {
  readonly name: string;
  readonly measures: readonly Measured[];
  readonly #store: PromqlStore;
  readonly #reader: RowReader;
  readonly #queries: readonly Query[];
  readonly #options: PrometheusOptions;
  readonly #clock: Clock;

  constructor(options: PrometheusOptions, clock: Clock) {
    this.name = `Prometheus at ${options.url}`;
    this.#options = options;
    this.#clock = clock;
    this.#store = new PromqlStore(options);
    this.#reader = new RowReader(options);
    this.#queries = chooseQueries(options.sets, options.queries);
    this.measures = this.#queries.map(({ kind, metric }) => ({ kind, metric }));
  }

  /** Asks at each interval; a round that takes longer than that is waited for. */
  sample(intervalMs: number, interning: Interning, receive: (batch: SampleBatch) => void, failed: Failed): Stop {
    let isStopped = false;
    let stopWaiting: Stop = () => {};
    const round = async () => {
      const startedAtMs = this.#clock.nowMs();
      const rows = await this.#rowsNow(interning, (because) => {
        if (!isStopped) failed(because);
      });
      if (isStopped) return;
      for (const batch of batchesOf(rows)) receive(batch);
      const tookMs = this.#clock.nowMs() - startedAtMs;
      stopWaiting = this.#clock.after(Math.max(0, intervalMs - tookMs), () => void round());
    };
    stopWaiting = this.#clock.after(0, () => void round());
    return () => {
      isStopped = true;
      stopWaiting();
    };
  }

  async *history({ measured, fromMs, toMs, stepMs }: HistoryWish, interning: Interning): AsyncIterable<SampleBatch> {
    const isWanted = (query: Query) =>
      measured.some(({ kind, metric }) => kind === query.kind && metric === query.metric);
    const queries = this.#queries.filter(isWanted);
    for (let partMs = fromMs; partMs <= toMs; partMs += MOST_POINTS * stepMs) {
      const span = { fromMs: partMs, toMs: Math.min(toMs, partMs + (MOST_POINTS - 1) * stepMs), stepMs };
      const answers = await Promise.all(queries.map((query) => this.#store.past(this.#text(query, stepMs), span)));
      const rows = queries.flatMap((query, place) => this.#reader.read(query, answers[place]!, interning).rows);
      yield* batchesOf(rows.sort((a, b) => a.atMs - b.atMs));
    }
  }

  /** What fails is told, and takes nothing from the rest. */
  async #rowsNow(interning: Interning, failed: Failed): Promise<readonly Row[]> {
    const answers = await Promise.allSettled(this.#queries.map((query) => this.#store.now(this.#text(query))));
    const parts = this.#queries.map((query, place) => this.#rowsOf(query, answers[place]!, interning));
    const troubles = new Set(parts.map(({ trouble }) => trouble).filter((trouble) => trouble !== undefined));
    const rows = parts.flatMap((part) => part.rows);
    if (rows.length === 0 && troubles.size === 0) troubles.add('it has nothing that is asked for: is it scraping?');
    if (troubles.size > 0) failed([...troubles].join('; '));
    return rows;
  }

  #rowsOf(query: Query, answer: PromiseSettledResult<Answer>, interning: Interning) {
    const about = (words: string) => `${query.metric} of ${query.kind}s: ${words}`;
    if (answer.status === 'rejected') {
      const words = answer.reason instanceof Error ? answer.reason.message : String(answer.reason);
      return { rows: [], trouble: words.startsWith(this.#options.url) ? words : about(words) };
    }
    const { rows, trouble } = this.#reader.read(query, answer.value, interning);
    return { rows, trouble: trouble === undefined ? undefined : about(trouble) };
  }

  /** Over the past, what is between two points counts too. */
  #text({ kind, query }: Query, stepMs = 0): string {
    const rateSeconds = Math.ceil(Math.max(this.#options.rateSeconds, stepMs / SECOND));
    return query.replaceAll('$label', this.#options[kind].label).replaceAll('$rate', `${rateSeconds}s`);
  }
}

function batchesOf(rows: readonly Row[]): SampleBatch[] {
  return KINDS.map((kind) =>
    batchOf(
      kind,
      rows.filter((row) => row.kind === kind),
    ),
  ).filter(({ length }) => length > 0);
}
