import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { METRIC_UNITS } from '../../../src/domain/metric.ts';
import { PrometheusSource } from '../../../src/drivers/prometheus/prometheus-source.ts';
import { chooseQueries, QUERY_SETS, type Query } from '../../../src/drivers/prometheus/query-sets.ts';
import { METRICS, type Metric, type SampleBatch } from '../../../src/ports/samples.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';
import { type FakeStore, matrix, openFakeStore, refusal, vector } from './fake-store.ts';

let store: FakeStore;
afterEach(() => store.close());
afterAll(() => {
  process.stdout.write('Left out here, a real Prometheus: npx -c "node test/real/prometheus-source/run.ts"\n');
});

const LOAD: Query = { kind: 'host', metric: 'cpuMhz', query: 'load[$rate] by $label', unit: 'GHz' };
const NET: Query = { kind: 'vm', metric: 'netRxBytesPerS', query: 'net', unit: 'KiB/s' };

const OPTIONS = {
  headers: {},
  timeoutSeconds: 5,
  rateSeconds: 30,
  sets: [],
  host: { label: 'instance', pattern: '^(.+?)(?::\\d+)?$' },
  vm: { label: 'domain', pattern: '^(.+)$' },
};

/** Interning that can be read back. */
class Names {
  readonly ids: string[] = [];
  readonly host = (id: string) => this.#of(`host ${id}`);
  readonly vm = (id: string) => this.#of(`vm ${id}`);

  #of(id: string): number {
    if (!this.ids.includes(id)) this.ids.push(id);
    return this.ids.indexOf(id);
  }
}

type Told = readonly [id: string, metric: Metric, value: number, atMs: number];

function told(batch: SampleBatch, names: Names): Told[] {
  return Array.from({ length: batch.length }, (_, row) => [
    names.ids[batch.entity[row]!]!,
    METRICS[batch.metric[row]!]!,
    batch.value[row]!,
    batch.atMs[row]!,
  ]);
}

async function open(give: FakeStore['give'], queries: readonly Query[] = [LOAD, NET], more: object = {}) {
  store = await openFakeStore(give);
  const clock = new VirtualClock();
  const source = new PrometheusSource({ ...OPTIONS, url: store.url, queries, ...more }, clock);
  return { clock, source, names: new Names() };
}

const answering =
  (answers: Readonly<Record<string, ReturnType<FakeStore['give']>>>) => (asked: { parameters: URLSearchParams }) =>
    answers[asked.parameters.get('query')!.slice(0, 3)];

/** One round: what was told, and what failed. */
async function round(source: PrometheusSource, clock: VirtualClock, names: Names, answers = 1) {
  const rows: Told[] = [];
  const failures: string[] = [];
  const heard = Promise.withResolvers<void>();
  let left = answers;
  const hear = () => {
    left -= 1;
    if (left === 0) heard.resolve();
  };
  const receive = (batch: SampleBatch) => {
    rows.push(...told(batch, names));
    hear();
  };
  const failed = (because: string) => {
    failures.push(because.replaceAll(store.url, 'URL'));
    hear();
  };
  const stop = source.sample(10_000, names, receive, failed);
  await clock.advance(0);
  await heard.promise;
  stop();
  return { rows, failures };
}

describe('a round of queries', () => {
  it('gives samples with ids from labels, in the units of Drover, at the time of the store', async () => {
    const { source, clock, names } = await open(
      answering({
        loa: vector(1000.5, [
          [{ instance: 'h1:9100' }, '2.5'],
          [{ instance: 'h2' }, 'NaN'],
        ]),
        net: vector(1000.5, [[{ domain: 'web' }, '3']]),
      }),
    );
    expect((await round(source, clock, names, 2)).rows).toEqual([
      ['host h1', 'cpuMhz', 2500, 1_000_500],
      ['host h2', 'cpuMhz', Number.NaN, 1_000_500],
      ['vm web', 'netRxBytesPerS', 3072, 1_000_500],
    ]);
    expect(store.asked.map(({ path, parameters }) => [path, parameters.get('query'), parameters.has('time')])).toEqual([
      ['/api/v1/query', 'load[30s] by instance', false],
      ['/api/v1/query', 'net', false],
    ]);
  });

  it('sends the headers, and keeps a path of the address', async () => {
    const headers = { authorization: 'Bearer secret', 'x-scope-orgid': 'lab' };
    const { clock, names } = await open(answering({ loa: vector(1, [[{ instance: 'h1' }, '1']]) }), [LOAD]);
    const source = new PrometheusSource({ ...OPTIONS, headers, url: `${store.url}/prom/`, queries: [LOAD] }, clock);
    await round(source, clock, names);
    expect(store.asked[0]).toMatchObject({ path: '/prom/api/v1/query', headers });
  });

  it('goes on with the rest when one query fails, and says which', async () => {
    const net = vector(1, [[{ domain: 'web' }, '3']]);
    const { source, clock, names } = await open(answering({ loa: refusal(400, 'parse error at char 5'), net }));
    const { rows, failures } = await round(source, clock, names, 2);
    expect(rows.map(([id]) => id)).toEqual(['vm web']);
    expect(failures).toEqual(['URL refuses (400): parse error at char 5']);
  });

  it.each([
    [
      'says that it knows a part only',
      vector(1, [[{ instance: 'a' }, '1']], ['store b is down']),
      'answered in part: store b is down',
    ],
    ['has series without the label', vector(1, [[{ job: 'a' }, '1']]), 'no series has a label "instance" that matches'],
    [
      'has two series of one host',
      vector(1, [
        [{ instance: 'a:1' }, '1'],
        [{ instance: 'a:2' }, '2'],
      ]),
      'cpuMhz of hosts: several series are of host a; aggregate by (instance)',
    ],
    ['has nothing', vector(1, []), 'it has nothing that is asked for: is it scraping?'],
    [
      'gives one number',
      { text: '{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}' },
      'the query gives a scalar',
    ],
    ['is another server', { text: '<html>' }, 'what it answers is not JSON: is this the address of a PromQL store?'],
    ['answers something else', { text: '[]' }, 'the answer is not what a PromQL store answers'],
    ['wants a password', { status: 401, text: '' }, 'URL wants to know who asks (401): set headers'],
    ['is elsewhere', { status: 404, text: 'nope' }, 'there is no URL/api/v1: is the url right?'],
    ['is overloaded', { status: 503, text: 'too busy' }, 'URL refuses (503): too busy'],
  ])('tells it when the store %s', async (_what, given, words) => {
    const { source, clock, names } = await open(() => given, [LOAD]);
    const { failures } = await round(source, clock, names);
    expect(failures).toEqual([expect.stringContaining(words)]);
  });

  it('gives up a store that does not answer in time', async () => {
    const { source, clock, names } = await open(() => undefined, [LOAD], { timeoutSeconds: 0.05 });
    expect((await round(source, clock, names)).failures).toEqual(['URL does not answer within 50 ms']);
  });

  it('says of a store that is down, once for all queries, that nobody is there', async () => {
    const { source, clock, names } = await open(() => undefined);
    await store.close();
    expect((await round(source, clock, names)).failures).toEqual(['URL cannot be reached: nobody listens there']);
  });
});

describe('the past', () => {
  const wish = { measured: [{ kind: 'host', metric: 'cpuMhz' } as const], fromMs: 0, toMs: 7_200_000, stepMs: 60_000 };

  it('is asked for in parts, only for what is wanted, with rates over the distance of points', async () => {
    const { source, names } = await open(({ parameters }) =>
      matrix(Number(parameters.get('start')), 60, [
        [{ instance: 'h1' }, '1', '2'],
        [{ instance: 'h2' }, '3'],
      ]),
    );
    const rows: Told[] = [];
    for await (const batch of source.history(wish, names)) rows.push(...told(batch, names));
    expect(rows.map(([id, , value, atMs]) => [id, value, atMs])).toEqual([
      ['host h1', 1000, 0],
      ['host h2', 3000, 0],
      ['host h1', 2000, 60_000],
      ['host h1', 1000, 6_000_000],
      ['host h2', 3000, 6_000_000],
      ['host h1', 2000, 6_060_000],
    ]);
    expect(store.asked.map(({ path, parameters }) => [path, ...parameters.values()])).toEqual([
      ['/api/v1/query_range', 'load[60s] by instance', '0', '5940', '60'],
      ['/api/v1/query_range', 'load[60s] by instance', '6000', '7200', '60'],
    ]);
  });

  it('throws when it cannot be had', async () => {
    const { source, names } = await open(() => refusal(422, 'exceeded maximum resolution'));
    const read = async () => {
      for await (const _ of source.history(wish, names));
    };
    await expect(read()).rejects.toThrow('refuses (422): exceeded maximum resolution');
  });
});

describe('query sets', () => {
  it('are replaced by queries of one’s own, metric by metric', async () => {
    const { source } = await open(() => undefined, [LOAD], { sets: ['node-exporter'] });
    expect(source.measures).toEqual([
      { kind: 'host', metric: 'memoryActiveBytes' },
      { kind: 'host', metric: 'netRxBytesPerS' },
      { kind: 'host', metric: 'netTxBytesPerS' },
      { kind: 'host', metric: 'cpuMhz' },
    ]);
  });

  it('are in units that there are, and about one thing each', async () => {
    await open(() => undefined);
    for (const { metric, unit } of chooseQueries(['node-exporter', 'libvirt-exporter'], [])) {
      expect(METRIC_UNITS[metric]).toHaveProperty([unit]);
    }
    for (const set of Object.values(QUERY_SETS)) expect(new Set(set.map(({ metric }) => metric)).size).toBe(set.length);
  });
});
