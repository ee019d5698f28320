import { expect, test } from 'vitest';
import { MINUTE } from '../../src/domain/units.ts';
import { aHost, anInventory, aVm, many } from '../kit/fleet.ts';
import { Lives } from './lives.ts';

const VMS = 60;

/** Every migration takes some room in the journal, and every cycle in which they are decided. */
const longDrain = () =>
  new Lives(
    anInventory({
      hosts: many(4, (n) => aHost({ id: `h${n}` })),
      vms: many(VMS, (n) => aVm({ id: `vm${n}`, demand: { cpuMhz: 100, memoryBytes: 2 ** 30 } })),
    }),
  );

test('on a full disk nothing is started any more, it is said why, and with room again nothing was lost', async () => {
  const lives = longDrain();
  const cramped = await lives.begin({}, 20);
  expect(cramped.operator.drain('h1', false)).toHaveProperty('words');
  await lives.until(() => cramped.daemon.status().notReadyBecause.startsWith('no step is started any more'));
  expect(cramped.daemon.status().notReadyBecause).toMatch(
    /journal.*cannot be written: the disk is full; make room on it/,
  );
  await lives.until(() => lives.datacenter.inventory().flights.length === 0);
  const ordered = lives.orders.length;
  const left = lives.vmsOn('h1').length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(VMS);
  await lives.clock.advance(10 * MINUTE);
  expect([lives.orders.length, lives.vmsOn('h1').length]).toEqual([ordered, left]);
  expect(cramped.operator.drain('h2', false)).toHaveProperty('refusal', expect.stringContaining('the disk is full'));
  expect(cramped.told.filter((line) => line.startsWith('error:') && line.includes('the disk is full'))).not.toEqual([]);
  cramped.crash();

  await lives.begin();
  await lives.until(() => lives.vmsOn('h1').length === 0);
  expect(new Set(lives.orders).size).toBe(lives.orders.length);
});
