/** Prometheus' HTTP API, as far as it is needed here. */

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

export class Prometheus {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** How many values that are numbers the query finds now, or in the span before now. An error is thrown in its words. */
  async count(expr: string, range?: { readonly seconds: number; readonly stepSeconds: number }): Promise<number> {
    const now = Date.now() / 1000;
    const { result } =
      range === undefined
        ? await this.#get<{ result: readonly Series[] }>('query', { query: expr, time: `${now}` })
        : await this.#get<{ result: readonly Series[] }>('query_range', {
            query: expr,
            start: `${now - range.seconds}`,
            end: `${now}`,
            step: `${range.stepSeconds}`,
          });
    const values = result.flatMap(({ value, values = [] }) => [...values, ...(value === undefined ? [] : [value])]);
    return values.filter(([, text]) => text !== 'NaN').length;
  }

  async value(expr: string): Promise<number> {
    const { result } = await this.#get<{ result: readonly Series[] }>('query', { query: expr });
    return Number(result[0]?.value?.[1]);
  }

  async exemplarLabels(expr: string): Promise<readonly Readonly<Record<string, string>>[]> {
    const now = Date.now() / 1000;
    const found = await this.#get<readonly { exemplars: readonly { labels: Record<string, string> }[] }[]>(
      'query_exemplars',
      { query: expr, start: `${now - 600}`, end: `${now}` },
    );
    return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels));
  }

  /** Health and last error of each target. */
  async targets(): Promise<readonly { readonly health: string; readonly lastError: string }[]> {
    const { activeTargets } = await this.#get<{
      activeTargets: readonly { health: string; lastError: string }[];
    }>('targets', {});
    return activeTargets;
  }

  async firing(): Promise<readonly string[]> {
    const { alerts } = await this.#get<{ alerts: readonly { labels: Record<string, string>; state: string }[] }>(
      'alerts',
      {},
    );
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname ?? '');
  }

  async #get<T>(path: string, query: Readonly<Record<string, string>>): Promise<T> {
    const response = await fetch(`${this.#url}api/v1/${path}?${new URLSearchParams(query)}`);
    const body = (await response.json()) as { status: string; data: T; error?: string };
    if (body.status !== 'success') throw new Error(body.error ?? `${path} answers ${response.status}`);
    return body.data;
  }
}
