import type { SourceSettings } from '../config/settings.ts';
import { PrometheusSource } from '../drivers/prometheus/prometheus-source.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetricSource } from '../ports/samples.ts';

/** Where samples come from beside the driver. Nothing is asked before the observatory starts. */
export function makeSource(settings: SourceSettings, clock: Clock): MetricSource {
  return new PrometheusSource(settings, clock);
}
