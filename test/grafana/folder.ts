import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const FOLDER = join(import.meta.dirname, '../../grafana');

export const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: unknown;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly thresholds?: { readonly steps: readonly unknown[] } };
  };
}

interface Target {
  readonly expr: string;
  readonly refId: string;
  readonly instant?: boolean;
  readonly datasource: unknown;
}

export interface Dashboard {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly expr: string; readonly datasource: unknown }[];
  };
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
}

export const dashboards = readdirSync(join(FOLDER, 'dashboards')).map((name): [string, Dashboard] => [
  name,
  JSON.parse(read(`dashboards/${name}`)),
]);

export const rules = (parse(read('alerts/drover.rules.yaml')) as RuleFile).groups.flatMap((group) => group.rules);

/** Every query of a dashboard: of its panels and of its annotations. */
export function queriesOf({ panels, annotations }: Dashboard): string[] {
  return [...panels.flatMap(({ targets = [] }) => targets), ...annotations.list].map(({ expr }) => expr);
}
