import { expect, test } from 'vitest';
import { leastHostsOn, ProfileWithHosts } from '../../src/daemon/hosts-wanted.ts';
import { DEFAULT_LIMITS, DEFAULT_PROFILE } from '../../src/domain/profile.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { aHost, aSnapshot, many, NOON_MS } from '../kit/fleet.ts';

/** Two of six are on; the others take three minutes to boot. */
const snapshot = aSnapshot({ hosts: many(6, (n) => aHost({ id: `h${n}`, power: n <= 2 ? 'on' : 'off' })) });

const ROWS: [wanted: number, minutesAhead: number, atOnce: number, least: number][] = [
  [0, 0, 0, 0],
  [2, 30, 0, 2],
  [5, 30, 0, 2],
  [1, 30, 0, 1],
  [5, 6, 0, 2],
  [5, 4, 0, 5],
  [5, 0, 0, 5],
  [5, -60, 0, 5],
  [5, 11, 1, 5],
  [5, 14, 1, 2],
];
test.each(ROWS)('%i hosts in %i min, %i booting at a time: %i now', (atLeast, minutesAhead, atOnce, least) => {
  const limits = { ...DEFAULT_LIMITS, powerSwitchesPerCluster: atOnce };
  const wish = { atLeast, byMs: NOON_MS + minutesAhead * MINUTE };
  expect(leastHostsOn(wish, snapshot, { limits, cycleSeconds: 30 })).toBe(least);
});

test('without a wish none is wanted', () => {
  expect(leastHostsOn(undefined, snapshot, { limits: DEFAULT_LIMITS, cycleSeconds: 30 })).toBe(0);
});

test('a profile stays the very same while the number does', () => {
  const profiles = new ProfileWithHosts();
  expect(profiles.of(DEFAULT_PROFILE, 0)).toBe(DEFAULT_PROFILE);
  const three = profiles.of(DEFAULT_PROFILE, 3);
  expect(three).toEqual({ ...DEFAULT_PROFILE, leastHostsOn: 3 });
  expect(profiles.of(DEFAULT_PROFILE, 3)).toBe(three);
  expect(profiles.of({ ...DEFAULT_PROFILE, leastHostsOn: 5 }, 3).leastHostsOn).toBe(5);
});
