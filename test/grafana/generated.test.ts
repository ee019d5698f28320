import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../../grafana/build/files.ts';
import { printed } from '../../grafana/build/printed.ts';
import { ALL_METRICS } from '../../src/telemetry/catalogue.ts';
import { metricNames } from '../../src/telemetry/telemetry.ts';
import { FOLDER, read } from './folder.ts';

const files = generatedFiles();

test.each([...files])('%s is what the code makes of it: npx -c "node grafana/generate.ts"', (path, text) => {
  expect(read(path) === text).toBe(true);
});

test('no dashboard lies around that nobody makes', () => {
  const made = [...files.keys()].filter((path) => path.startsWith('dashboards/'));
  expect(
    readdirSync(join(FOLDER, 'dashboards'))
      .map((name) => `dashboards/${name}`)
      .sort(),
  ).toEqual(made.sort());
});

test('the page of metrics names every one', () => {
  const page = files.get('METRICS.md')!;
  const names = new Set([
    ...ALL_METRICS.map(({ name }) => name),
    ...metricNames().filter((name) => /_(host|vm)_/.test(name)),
  ]);
  const missing = [...names].filter((name) => !name.endsWith('_bucket') && !page.includes(`\`${name}\``));
  expect(missing.filter((name) => !/_(sum|count)$/.test(name))).toEqual([]);
});

test('JSON is printed so that it reads back, and a formatter would leave it', () => {
  const long = Array.from({ length: 30 }, (_, n) => `word ${n}`);
  const value = { plain: 1, left: undefined, empty: {}, short: ['a', 2, null, true], long, list: [{ a: [] }, {}] };
  expect(JSON.parse(printed(value))).toEqual(JSON.parse(JSON.stringify(value)));
  expect(printed({ short: ['a', 2] })).toBe('{\n  "short": ["a", 2]\n}\n');
});
