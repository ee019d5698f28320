import { describe, expect, test } from 'vitest';
import { exposed, type Format, formatFor } from '../../src/telemetry/exposition.ts';
import { aStepStatus } from '../serve/fake-daemon.ts';
import { telemetryOf } from './scrape.ts';

const PROMETHEUS = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

describe('the format', () => {
  test.each<[string, Format]>([
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html,application/xhtml+xml', 'text'],
    [PROMETHEUS, 'openmetrics'],
  ])('for those who accept "%s" is %s', (accept, format) => expect(formatFor(accept)).toBe(format));

  test.each<[Format, string[]]>([
    ['text', ['# HELP sheep_total Sheep \\\\ lambs.', '# TYPE sheep_total counter', 'sheep_total{name="a\\"b\\n"} 3']],
    [
      'openmetrics',
      [
        '# HELP sheep Sheep \\\\ lambs.',
        '# TYPE sheep counter',
        'sheep_total{name="a\\"b\\n"} 3 # {decision="d1"} 2.5 17.25',
      ],
    ],
  ])('%s', (format, lines) => {
    const exemplar = { labelSet: { decision: 'd1' }, value: 2.5, timestamp: 17.25 };
    const values = [{ labels: { name: 'a"b\n' }, value: 3, exemplar }];
    expect(exposed({ name: 'sheep_total', help: 'Sheep \\ lambs.', type: 'counter', values }, format)).toBe(
      `${lines.join('\n')}\n`,
    );
  });
});

test('both formats tell the same', async () => {
  const telemetry = telemetryOf();
  telemetry.stepEnded(aStepStatus({ state: 'done', measured: { seconds: 25, bytes: 5e9, blackoutMs: 80 } }));
  const samples = (text: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith('drover_'))
      .map((line) => line.replace(/ # .*/, ''));
  const plain = samples(await telemetry.text('text'));
  expect(plain.length).toBeGreaterThan(100);
  expect(samples(await telemetry.text('openmetrics'))).toEqual(plain);
});

test('an id too long for an exemplar is left out, and the value counts', async () => {
  const telemetry = telemetryOf();
  const status = aStepStatus({ state: 'done', measured: { seconds: 25, bytes: 5e9, blackoutMs: 80 } });
  telemetry.stepEnded({ ...status, step: { ...status.step, decision: 'd'.repeat(200) } });
  const text = await telemetry.text('openmetrics');
  expect(text).toContain('drover_migration_duration_seconds_count 1\n');
  expect(text).not.toContain('# {');
});
