import { describe, expect, test } from 'vitest';
import { SECOND } from '../../../src/domain/units.ts';
import { IpmiPower } from '../../../src/drivers/ipmi/ipmi-power.ts';
import type { Bmc } from '../../../src/drivers/ipmi/ipmitool.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';

interface Machine {
  readonly isOn?: boolean;
  /** What it does not do, whatever it is told. */
  readonly ignores?: readonly string[];
  readonly refuses?: string;
}

/** A BMC as ipmitool shows it, and a record of what it was told. */
function stage({ isOn = true, ignores = [], refuses }: Machine) {
  const clock = new VirtualClock();
  const told: string[] = [];
  let power = isOn;
  const run = async (_: Bmc, words: readonly string[]) => {
    const word = words.at(-1) ?? '';
    if (refuses !== undefined) throw new Error(refuses);
    if (word === 'status') return `Chassis Power is ${power ? 'on' : 'off'}`;
    told.push(word);
    if (!ignores.includes(word)) power = word === 'on';
    return '';
  };
  const bmc = { address: 'b1', port: 623, user: 'admin', password: () => 'secret' };
  const control = new IpmiPower({ bmcs: new Map([['h1', bmc]]), clock, shutdownSeconds: 30, run });
  const kept = async <T>(promise: Promise<T>): Promise<T> => {
    await clock.advance(200 * SECOND);
    return promise;
  };
  return { clock, told, control, kept };
}

describe('power by IPMI', () => {
  test('a host is asked to shut down, and is off when the BMC says so', async () => {
    const { control, told, kept } = stage({});
    expect(await control.isOn('h1')).toBe(true);
    expect(await kept(control.switchOff('h1'))).toEqual({ state: 'done' });
    expect(told).toEqual(['soft']);
    expect(await control.isOn('h1')).toBe(false);
  });

  test('one that does not shut itself down has its power cut, and no earlier than it may take', async () => {
    const { control, told, clock } = stage({ ignores: ['soft'] });
    const end = control.switchOff('h1');
    await clock.advance(29 * SECOND);
    expect(told).toEqual(['soft']);
    await clock.advance(10 * SECOND);
    expect(await end).toEqual({ state: 'done' });
    expect(told).toEqual(['soft', 'off']);
  });

  test('a host is on when the BMC says so', async () => {
    const { control, told, kept } = stage({ isOn: false });
    expect(await kept(control.switchOn('h1'))).toEqual({ state: 'done' });
    expect(told).toEqual(['on']);
  });

  test.each([
    ['takes the command and does nothing', { isOn: false, ignores: ['on'] }, 'h1', 'nothing happened within 1 min'],
    ['does not answer', { refuses: 'Unable to establish IPMI v2 / RMCP+ session' }, 'h1', 'the BMC of h1: Unable'],
    ['is not there', {}, 'h2', 'h2 has no bmc'],
  ] as const)('a BMC that %s is a failure with a reason', async (_, machine, host, words) => {
    const { control, kept } = stage(machine);
    expect(await kept(control.switchOn(host))).toEqual({ state: 'failed', because: expect.stringContaining(words) });
  });

  test('of a host without one nothing is known', async () => {
    expect(await stage({}).control.isOn('h2')).toBeUndefined();
  });
});
