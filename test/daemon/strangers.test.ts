import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { MINUTE } from '../../src/domain/units.ts';
import { aHost, anInventory } from '../kit/fleet.ts';
import { Lives } from './lives.ts';

test('a host that the configuration names and nobody has is told of once', async () => {
  const lives = new Lives(anInventory({ hosts: [aHost({ id: 'host01' }), aHost({ id: 'host02' })] }));
  const limits = {
    ...DEFAULT_LIMITS,
    hosts: { host1: { migrationsPerSource: 2 }, host02: { migrationsPerSource: 2 } },
  };
  const calendar = [{ at: '0 4 * * *', timezone: 'UTC', maintenance: { hosts: ['rack9'], minutes: 30 } }];
  const { told } = await lives.begin({ limits, calendar });
  await lives.clock.advance(10 * MINUTE);
  expect(told.filter((line) => line.includes('no host of this datacenter'))).toEqual([
    'warn: configuration: limits.hosts.host1 is "host1", which is no host of this datacenter — did you mean "host01"?',
    'warn: configuration: calendar[0].maintenance.hosts[0] is "rack9", which is no host of this datacenter',
  ]);
});
