import { CATALOGUE } from '../../src/telemetry/catalogue.ts';
import type { Json, Panel } from './panel.ts';
import { SOURCE } from './panel.ts';
import { INSTANCE } from './query.ts';

/** Panels below a heading, side by side as far as they fit. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** Something that a person may set at the top of a dashboard. */
export interface Setting {
  readonly name: string;
  readonly label: string;
  readonly about: string;
  readonly value: string;
}

export interface Board {
  /** The name of its file, and behind `drover-` its id. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly sections: readonly Section[];
  readonly settings?: readonly Setting[];
}

const COLUMNS = 24;

export function dashboard({ id, title, about, sections, settings = [] }: Board): Json {
  return {
    uid: `drover-${id}`,
    title: `Drover: ${title}`,
    description: about,
    tags: ['drover'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    links: [OTHER_BOARDS],
    annotations: { list: ANNOTATIONS },
    templating: { list: [DATASOURCE, INSTANCES, ...settings.map(textbox)] },
    panels: placed(sections),
  };
}

const OTHER_BOARDS: Json = {
  type: 'dashboards',
  title: 'Drover',
  tags: ['drover'],
  asDropdown: false,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
};

const DATASOURCE: Json = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  current: {},
  hide: 0,
};

const EVERY_INSTANCE = `label_values(${CATALOGUE.info.name}, instance)`;

const INSTANCES: Json = {
  name: 'instance',
  label: 'Drover',
  type: 'query',
  datasource: SOURCE,
  query: { query: EVERY_INSTANCE, refId: 'instances' },
  definition: EVERY_INSTANCE,
  refresh: 2,
  includeAll: true,
  multi: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
  hide: 0,
};

function textbox({ name, label, about, value }: Setting): Json {
  const current = { text: value, value };
  return { name, label, description: about, type: 'textbox', query: value, current, options: [current], hide: 0 };
}

/** Annotations have no interval of their own to go by, so they look back over as much as lies between two of them. */
const STEP = '1m';

const { decisions, steps } = CATALOGUE;

const ANNOTATIONS: Json = [
  annotation(
    'Decisions',
    'blue',
    `sum by (instance, policy, phase) (increase(${decisions.name}{${INSTANCE},verdict="accepted"}[${STEP}])) > 0`,
    '{{phase}}: {{policy}}',
    'Changes were decided. /api/v1/decisions names them with their reasons.',
  ),
  annotation(
    'Power events',
    'orange',
    `sum by (instance, kind) (increase(${steps.name}{${INSTANCE},kind=~"power.*",outcome="done"}[${STEP}])) > 0`,
    '{{kind}}',
    'Hosts were switched.',
  ),
  annotation(
    'Steps that failed',
    'red',
    `sum by (instance, kind) (increase(${steps.name}{${INSTANCE},outcome="failed"}[${STEP}])) > 0`,
    '{{kind}} failed',
    '/api/v1/steps says why.',
  ),
];

function annotation(name: string, iconColor: string, expr: string, titleFormat: string, textFormat: string): Json {
  const shown = { enable: true, hide: false, iconColor };
  return { name, ...shown, datasource: SOURCE, expr, step: STEP, titleFormat, textFormat, useValueForTime: false };
}

/** Row by row from the left; a row is as high as its highest panel. */
function placed(sections: readonly Section[]): Json[] {
  const all: Json[] = [];
  let y = 0;
  const put = (json: Panel['json'], x: number, w: number, h: number) =>
    all.push({ id: all.length + 1, gridPos: { x, y, w, h }, ...json });
  for (const { title, panels } of sections) {
    put({ type: 'row', title, collapsed: false, panels: [] }, 0, COLUMNS, 1);
    y += 1;
    let x = 0;
    let highest = 0;
    for (const { width, height, json } of panels) {
      if (x + width > COLUMNS) {
        y += highest;
        x = 0;
        highest = 0;
      }
      put(json, x, width, height);
      x += width;
      highest = Math.max(highest, height);
    }
    y += highest;
  }
  return all;
}
