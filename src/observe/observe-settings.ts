import { SECOND } from '../domain/units.ts';
import type { ForecastSpans } from './forecast.ts';
import type { OverloadMarks } from './overload.ts';
import type { Deadlines } from './series.ts';
import type { WindowSpans } from './windows.ts';

export interface ObservatorySettings extends WindowSpans, ForecastSpans, OverloadMarks {
  readonly cycleSeconds: number;
  readonly deviationWindow: 'fast' | 'slow';
  readonly staleAfterIntervals: number;
  readonly frozenAfterSamples: number;
}

export function deadlinesOf(settings: ObservatorySettings): Deadlines {
  return {
    staleAfterMs: settings.staleAfterIntervals * settings.sampleSeconds * SECOND,
    skewMs: settings.sampleSeconds * SECOND,
    unitPatienceMs: settings.slowWindowSeconds * SECOND,
    frozenAfterSamples: settings.frozenAfterSamples,
  };
}
