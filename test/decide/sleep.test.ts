import { expect, test } from 'vitest';
import { decide } from '../../src/decide/decide.ts';
import type { Host } from '../../src/domain/host.ts';
import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { aHost, aSnapshot, aVm, NOON_MS } from '../kit/fleet.ts';

/** h1 is full, and h2 is off: the reserve calls for it. */
function woken(traits: Partial<Omit<Host, 'capacity' | 'reserved'>>, minimumOffMinutes = 5): boolean {
  const snapshot = aSnapshot({
    hosts: [aHost(), aHost({ id: 'h2', power: 'off', ...traits })],
    vms: [aVm({ demand: { cpuMhz: 70_000 } })],
  });
  const profile = { ...DEFAULT_PROFILE, minimumOffMinutes };
  const { decisions } = decide({
    snapshot,
    policies: [],
    profile,
    prices: DEFAULT_PRICES,
    limits: DEFAULT_LIMITS,
    power: true,
  });
  return decisions.some(({ changes }) => changes.some((change) => change.kind === 'power' && change.to === 'on'));
}

test.each([
  ['a host that may be woken', {}, true],
  ['a host that others switched off', { mayBeWoken: false }, false],
  ['one that went off a minute ago', { lastPowerChangeAtMs: NOON_MS - MINUTE }, false],
  ['one that went off six minutes ago', { lastPowerChangeAtMs: NOON_MS - 6 * MINUTE }, true],
  ['one that nobody has ever seen come back', { provenToWake: false }, true],
])('the reserve wakes %s: %s', (_, traits, expected) => {
  expect(woken(traits)).toBe(expected);
});

test('a host is kept on where so many are wanted, and woken where there are too few', () => {
  const snapshot = aSnapshot({
    hosts: [aHost(), aHost({ id: 'h2', power: 'off' }), aHost({ id: 'h3', power: 'off' })],
  });
  const profile = { ...DEFAULT_PROFILE, leastHostsOn: 2, spareHosts: 0 };
  const { decisions } = decide({
    snapshot,
    policies: [],
    profile,
    prices: DEFAULT_PRICES,
    limits: DEFAULT_LIMITS,
    power: true,
  });
  expect(decisions.map(({ because, changes }) => [because, changes.length])).toEqual([
    ['fewer than 2 hosts are on', 1],
  ]);
});
