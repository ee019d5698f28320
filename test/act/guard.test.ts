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
