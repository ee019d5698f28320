import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import { settingsDifference, takenOver } from '../../src/config/difference.ts';
import type { Settings } from '../../src/config/settings.ts';

const before = DEFAULT_SETTINGS;

test.each<[string, Partial<Settings>, string[]]>([
  ['nothing', {}, []],
  ['a mode', { mode: 'observe' }, ['mode: auto → observe']],
  ['a price', { prices: { ...before.prices, perKwh: 0.4 } }, ['prices.perKwh: 0.3 → 0.4']],
  [
    'a port, which takes a restart',
    { listen: { ...before.listen, port: 80 } },
    ['listen.port: 7070 → 80 (takes effect after a restart)'],
  ],
  [
    'the state folder and the datacenter, which take one too',
    { stateFolder: '/var/lib/drover', driver: { ...before.driver, hosts: 4 } },
    [
      'driver.hosts: 16 → 4 (takes effect after a restart)',
      'stateFolder: .drover → /var/lib/drover (takes effect after a restart)',
    ],
  ],
  [
    'a policy that comes and one that goes',
    { profile: { ...before.profile, policies: { 'load-balance': { weight: 2, options: {} } } } },
    [
      'profile.policies.load-balance.weight: 1 → 2',
      'profile.policies.green-consolidation: {"weight":1,"options":{}} → none',
      'profile.policies.network-aware: {"weight":1,"options":{}} → none',
    ],
  ],
  [
    'a list',
    { calendar: [{ at: '0 7 * * *', timezone: 'UTC', power: false }] },
    ['calendar: [] → [{"at":"0 7 * * *","timezone":"UTC","pow…'],
  ],
])('tells %s', (_, change, sentences) => {
  expect([...settingsDifference(before, { ...before, ...change })].sort()).toEqual([...sentences].sort());
});

test('what cannot be taken over stays as it was', () => {
  const after: Settings = {
    ...before,
    mode: 'observe',
    stateFolder: 'elsewhere',
    listen: { ...before.listen, port: 1 },
  };
  expect(takenOver(before, after)).toEqual({ ...before, mode: 'observe' });
});
