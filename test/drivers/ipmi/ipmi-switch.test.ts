import { describe, expect, test } from 'vitest';
import { IpmiSwitch } from '../../../src/drivers/ipmi/ipmi-switch.ts';
import type { Bmc } from '../../../src/drivers/ipmi/ipmitool.ts';

const BMC: Bmc = { address: 'b1', port: 623, user: 'admin', password: () => 'secret' };

/** A BMC as ipmitool shows it, and a record of what it was told. */
function stage(answer: (words: string) => string) {
  const told: string[] = [];
  const run = async (_: Bmc, words: readonly string[]) => {
    told.push(words.join(' '));
    return answer(words.join(' '));
  };
  return { told, power: new IpmiSwitch(BMC, run) };
}

const refuse = (words: string) => () => {
  throw new Error(words);
};

describe('power by IPMI', () => {
  test.each([
    ['Chassis Power is on', true],
    ['Chassis Power is off', false],
    ['???', undefined],
  ])('"%s" says whether it is on: %s', async (line, isOn) => {
    expect(await stage(() => line).power.isOn()).toBe(isOn);
  });

  test('each button has its word', async () => {
    const { told, power } = stage(() => '');
    for (const button of ['on', 'shutdown', 'cut'] as const) await power.press(button);
    expect(told).toEqual(['chassis power on', 'chassis power soft', 'chassis power off']);
  });

  test('its meter is read', async () => {
    const lines =
      '\n    Instantaneous power reading:                   212 Watts\n    Minimum during sampling period:   90 Watts';
    expect(await stage(() => lines).power.watts()).toBe(212);
  });

  test('a BMC without a meter is asked for it once', async () => {
    const { told, power } = stage(refuse('DCMI request failed because: Invalid command (c1)'));
    expect([await power.watts(), await power.watts()]).toEqual([undefined, undefined]);
    expect(told).toHaveLength(1);
  });

  test('one that does not answer now is asked again', async () => {
    const { told, power } = stage(refuse('Unable to establish IPMI v2 / RMCP+ session'));
    for (let time = 0; time < 2; time++) await expect(power.watts()).rejects.toThrow('Unable');
    expect(told).toHaveLength(2);
  });
});
