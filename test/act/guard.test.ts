import { expect, test } from 'vitest';
import { MINUTE } from '../../src/domain/units.ts';
import { aHost, anInventory } from '../kit/fleet.ts';
import { Stage } from './stage.ts';

const OFF = { kind: 'power', host: 'h2', to: 'off' } as const;

const idle = () => new Stage(anInventory({ hosts: [aHost({ id: 'h1' }), aHost({ id: 'h2' })], vms: [] }));

test('a host is not switched off against the last word, which hears what the driver reports then', async () => {
  const stage = idle();
  const asked: string[] = [];
  stage.executor.guardSwitchingOff((host, reported) => {
    asked.push(`${host} of ${reported.hosts.length}`);
    return 'the reserve would be broken';
  });
  stage.want([OFF]);
  await stage.clock.advance(5 * MINUTE);
  expect(asked).toEqual(['h2 of 2']);
  expect(stage.standing('h2')).toBe('failed: not switched off: the reserve would be broken');
  expect(stage.driver.commands).toEqual([]);
  expect(stage.journal.recorded).toEqual([]);
});

test('without an objection it is switched off', async () => {
  const stage = idle();
  stage.executor.guardSwitchingOff(() => undefined);
  stage.want([OFF]);
  await stage.clock.advance(5 * MINUTE);
  expect(stage.standing('h2')).toBe('done');
});

test('a host is not switched off on a last look that is old: the process may have stood still since', async () => {
  const stage = idle();
  stage.driver.inventory = async () => {
    stage.skewMs += 10 * MINUTE;
    return stage.driver.inventoryNow;
  };
  stage.want([OFF]);
  await stage.clock.advance(5 * MINUTE);
  expect(stage.standing('h2')).toBe('failed: not switched off: h2 was looked at 10 min ago');
  expect(stage.driver.commands).toEqual([]);
});
