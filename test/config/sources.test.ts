import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config/read-settings.ts';
import { sourcesSchema } from '../../src/config/sources.ts';

const WITH_A_REAL_DRIVER = sourcesSchema('real');

/** What is wrong with one source, by place. */
function troubles(source: object): string[] {
  const read = WITH_A_REAL_DRIVER.safeParse([source]);
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

const AT = { kind: 'prometheus', url: 'http://prometheus:9090' };
const query = (parts: object) => ({ ...AT, queries: [{ kind: 'host', query: 'up', ...parts }] });

describe('a Prometheus source', () => {
  test('needs an address and nothing else', () => {
    expect(WITH_A_REAL_DRIVER.parse([AT])).toMatchObject([
      { timeoutSeconds: 10, rateSeconds: 60, sets: ['node-exporter', 'libvirt-exporter'], host: { label: 'instance' } },
    ]);
  });

  test.each([
    [
      'an address that is none',
      { ...AT, url: 'prometheus:9090' },
      '0.url is "prometheus:9090", should be a URL such as',
    ],
    ['a password in the address', { ...AT, url: 'http://a:b@c' }, 'without a password (headers carry it)'],
    [
      'a pattern without a group',
      { ...AT, host: { pattern: '^.*$' } },
      '0.host.pattern is "^.*$", should be a regular',
    ],
    ['a pattern that is none', { ...AT, vm: { pattern: '(' } }, '0.vm.pattern is "(", should be a regular expression'],
    [
      'a unit of something else',
      query({ metric: 'cpuMhz', unit: 'bytes' }),
      '0.queries.0.unit is "bytes", should be MHz or GHz or Hz for cpuMhz',
    ],
    ['no time at all', { ...AT, timeoutSeconds: 0 }, '0.timeoutSeconds'],
  ])('refuses %s', (_what, source, words) => {
    expect(troubles(source)).toEqual([expect.stringContaining(words)]);
  });

  test('takes a query of one’s own', () => {
    expect(troubles(query({ metric: 'powerWatts', unit: 'kW' }))).toEqual([]);
  });
});

test('the embedded datacenter is measured by itself alone', () => {
  const read = readSettings('sources:\n  - kind: prometheus\n    url: http://localhost:9090\n', 'drover.yaml');
  expect(read).toMatchObject([{ path: 'sources', what: expect.stringContaining('should be empty: the embedded') }]);
});

test.each([
  ['driver: { dayMinutes: 240 }', { seasonMinutes: 240, soonMinutes: 10, laterMinutes: 40 }],
  ['', { seasonMinutes: 120, soonMinutes: 5, laterMinutes: 20 }],
  ['observe: { seasonMinutes: 60 }', { seasonMinutes: 60, soonMinutes: 5 }],
])('a season is the day of the embedded datacenter: %s', (text, spans) => {
  expect(readSettings(text, 'drover.yaml')).toMatchObject({ observe: spans });
});
