/**
 * Every metric of Drover, declared once. The registry, the table in the documents, and the checks of dashboards and
 * alerts are made from this list.
 */
import { DECISIONS } from './catalogue/decisions.ts';
import { FLEET } from './catalogue/fleet.ts';
import { LOOP } from './catalogue/loop.ts';
import type { Metric } from './catalogue/metric.ts';
import { OWN } from './catalogue/own.ts';
import { WORK } from './catalogue/work.ts';

export const CATALOGUE = { ...LOOP, ...DECISIONS, ...WORK, ...FLEET, ...OWN };

export const FAMILIES: Readonly<Record<string, readonly Metric[]>> = {
  'The loop': Object.values(LOOP),
  'Decisions and policies': Object.values(DECISIONS),
  'Plans, steps and migrations': Object.values(WORK),
  'Hosts, balance and power': Object.values(FLEET),
  'Drover itself': Object.values(OWN),
};

export const ALL_METRICS: readonly Metric[] = Object.values(FAMILIES).flat();
