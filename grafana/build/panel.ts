/** Panels as Grafana's JSON has them, from what matters about them. Only what comes with Grafana: no plugins. */

export const SOURCE = { type: 'prometheus', uid: '$datasource' } as const;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export interface Query {
  readonly expr: string;
  readonly legend: string;
  /** Shows, as points, single events behind the figures, each with the decision that led to it. */
  readonly exemplars?: boolean;
}

/** From this value on, this colour; below the first it is green. */
export type Threshold = readonly [from: number, color: 'yellow' | 'orange' | 'red' | 'green' | 'blue'];

export interface PanelShape {
  readonly title: string;
  readonly about: string;
  /** As Grafana names units. */
  readonly unit: string;
  readonly width: number;
  readonly height?: number;
  readonly thresholds?: readonly Threshold[];
  readonly queries: readonly Query[];
}

/** A panel without its place. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly json: Readonly<Record<string, Json>>;
}

const STAT_HEIGHT = 4;
const GRAPH_HEIGHT = 8;

export interface StatShape extends PanelShape {
  /** The name of the series instead of its value: for states, of which one at a time is in force. */
  readonly showsName?: boolean;
  /** A line below the value that shows how it came to be. */
  readonly line?: boolean;
  readonly decimals?: number;
  /** What is said instead of a bare value. */
  readonly words?: Readonly<Record<string, string>>;
}

export function stat({ showsName = false, line = false, words, ...shape }: StatShape): Panel {
  return panel(
    'stat',
    { height: STAT_HEIGHT, ...shape },
    { instant: !line, words },
    {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: 'value',
      graphMode: line ? 'area' : 'none',
      textMode: showsName ? 'name' : 'auto',
    },
  );
}

export interface GraphShape extends PanelShape {
  readonly stacked?: boolean;
  readonly bars?: boolean;
  readonly least?: number;
  readonly most?: number;
}

export function graph({ stacked = false, bars = false, least, most, ...shape }: GraphShape): Panel {
  const custom = {
    drawStyle: bars ? 'bars' : 'line',
    lineWidth: 1,
    fillOpacity: bars ? 80 : stacked ? 30 : 8,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: shape.thresholds === undefined ? 'off' : 'dashed' },
  };
  return panel(
    'timeseries',
    { height: GRAPH_HEIGHT, ...shape },
    { custom, least, most },
    {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  );
}

/** One bar for each series, as it is now. */
export function bars(shape: PanelShape): Panel {
  return panel(
    'bargauge',
    { height: GRAPH_HEIGHT, ...shape },
    { instant: true, least: 0 },
    {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      orientation: 'horizontal',
      displayMode: 'gradient',
      showUnfilled: true,
    },
  );
}

export interface TableShape extends PanelShape {
  /** Labels to show as columns, with their headings; all others are left out. */
  readonly columns: Readonly<Record<string, string>>;
  readonly valueHeading: string;
}

export function table({ columns, valueHeading, ...shape }: TableShape): Panel {
  const fields = { ...columns, Value: valueHeading };
  const made = panel(
    'table',
    { height: GRAPH_HEIGHT, ...shape },
    { instant: true, isTable: true },
    {
      showHeader: true,
      cellHeight: 'sm',
      footer: { show: false },
      sortBy: [{ displayName: valueHeading, desc: true }],
    },
  );
  const transformations: Json = [
    { id: 'filterFieldsByName', options: { include: { names: Object.keys(fields) } } },
    { id: 'organize', options: { renameByName: fields } },
  ];
  return { ...made, json: { ...made.json, transformations } };
}

export function words(title: string, about: string, markdown: string, width: number, height: number): Panel {
  const options = { mode: 'markdown', content: markdown };
  return { width, height, json: { type: 'text', title, description: about, options } };
}

interface Look {
  readonly instant?: boolean;
  readonly isTable?: boolean;
  readonly custom?: Json;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly words?: Readonly<Record<string, string>> | undefined;
}

function panel(
  type: string,
  shape: PanelShape & { readonly height: number; readonly decimals?: number },
  look: Look,
  options: Json,
): Panel {
  const { title, about, unit, width, height, queries } = shape;
  return {
    width,
    height,
    json: {
      type,
      title,
      description: about,
      datasource: SOURCE,
      targets: queries.map((query, index) => target(query, index, look)),
      fieldConfig: {
        defaults: {
          unit,
          ...(shape.decimals !== undefined && { decimals: shape.decimals }),
          ...(look.least !== undefined && { min: look.least }),
          ...(look.most !== undefined && { max: look.most }),
          thresholds: { mode: 'absolute', steps: steps(shape.thresholds ?? []) },
          color: { mode: type === 'timeseries' ? 'palette-classic' : 'thresholds' },
          ...(look.words !== undefined && { mappings: mappings(look.words) }),
          ...(look.custom !== undefined && { custom: look.custom }),
        },
        overrides: [],
      },
      options,
    },
  };
}

const FIRST_REF = 'A'.charCodeAt(0);

function target({ expr, legend, exemplars = false }: Query, index: number, { instant, isTable }: Look): Json {
  return {
    datasource: SOURCE,
    refId: String.fromCharCode(FIRST_REF + index),
    expr,
    legendFormat: legend,
    instant: instant === true,
    range: instant !== true,
    ...(isTable === true && { format: 'table' }),
    ...(exemplars && { exemplar: true }),
  };
}

function steps(thresholds: readonly Threshold[]): Json {
  return [{ color: 'green', value: null }, ...thresholds.map(([value, color]) => ({ color, value }))];
}

function mappings(words: Readonly<Record<string, string>>): Json {
  const options = Object.entries(words).map(([value, text], index) => [value, { text, index }] as const);
  return [{ type: 'value', options: Object.fromEntries(options) }];
}
