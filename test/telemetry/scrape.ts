import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';

/** The value of one series as a scrape would read it; undefined where there is no such series. */
export async function seriesValue(telemetry: Telemetry, series: string): Promise<number | undefined> {
  const line = (await telemetry.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

export async function seriesValues(
  telemetry: Telemetry,
  series: readonly string[],
): Promise<Record<string, number | undefined>> {
  const values: Record<string, number | undefined> = {};
  for (const one of series) values[one] = await seriesValue(telemetry, one);
  return values;
}

/** As it is without any configuration. */
export const telemetryOf = (): Telemetry =>
  new Telemetry({ version: '1.2.3', cluster: 'meadow', driver: 'simulated' }, DEFAULT_SETTINGS.telemetry);
