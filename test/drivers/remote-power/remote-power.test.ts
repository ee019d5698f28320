import { describe, expect, test } from 'vitest';
import { SECOND } from '../../../src/domain/units.ts';
import { Switches } from '../../../src/drivers/remote-power/remote-power.ts';
import type { Button, PowerSwitch } from '../../../src/ports/power-switch.ts';
import { VirtualClock } from '../../kit/virtual-clock.ts';

interface Machine {
  readonly isOn?: boolean;
  /** What it does not do, whatever it is told. */
  readonly ignores?: readonly Button[];
  /** How many presses of a button are lost on their way. */
  readonly loses?: number;
  readonly refuses?: string;
  /** How many times it cannot be asked, at first. */
  readonly silent?: number;
}

/** A power switch, and a record of what was pressed. */
function stage({ isOn = true, ignores = [], loses = 0, refuses, silent = 0 }: Machine) {
  const clock = new VirtualClock();
  const pressed: Button[] = [];
  let power = isOn;
  let asked = 0;
  const button: PowerSwitch = {
    isOn: async () => {
      asked++;
      if (asked <= silent) throw new Error('busy');
      return power;
    },
    press: async (which) => {
      if (refuses !== undefined) throw new Error(refuses);
      pressed.push(which);
      if (pressed.length > loses && !ignores.includes(which)) power = which === 'on';
    },
  };
  const hosts = new Map([['h1', { power: button, shutdownSeconds: 30, seenOnWithinSeconds: 60 }]]);
  const control = new Switches({ hosts, clock });
  const kept = async <T>(promise: Promise<T>): Promise<T> => {
    await clock.advance(200 * SECOND);
    return promise;
  };
  return { clock, pressed, control, kept };
}

describe('power from afar', () => {
  test('a host is asked to shut down, and is off when the switch says so', async () => {
    const { control, pressed, kept } = stage({});
    expect(await control.isOn('h1')).toBe(true);
    expect(await kept(control.switchOff('h1'))).toEqual({ state: 'done' });
    expect(pressed).toEqual(['shutdown']);
    expect(await control.isOn('h1')).toBe(false);
  });

  test('one that does not shut itself down has its power cut, and no earlier than it may take', async () => {
    const { control, pressed, clock } = stage({ ignores: ['shutdown'] });
    const end = control.switchOff('h1');
    await clock.advance(29 * SECOND);
    expect(pressed).toEqual(['shutdown']);
    await clock.advance(10 * SECOND);
    expect(await end).toEqual({ state: 'done' });
    expect(pressed).toEqual(['shutdown', 'cut']);
  });

  test('a command that got lost is given again', async () => {
    const { control, pressed, kept } = stage({ isOn: false, loses: 2 });
    expect(await kept(control.switchOn('h1'))).toEqual({ state: 'done' });
    expect(pressed).toEqual(['on', 'on', 'on']);
  });

  test('a switch that cannot be asked for a moment is asked again', async () => {
    const { control, kept } = stage({ isOn: false, silent: 3 });
    expect(await kept(control.switchOn('h1'))).toEqual({ state: 'done' });
  });

  test.each([
    ['takes the command and does nothing', { isOn: false, ignores: ['on'] }, 'h1', 'not seen to be on after 1 min'],
    ['refuses', { refuses: 'wrong password' }, 'h1', 'the power switch of h1: wrong password'],
    ['can never be asked', { silent: Number.POSITIVE_INFINITY }, 'h1', 'the power switch of h1: busy'],
    ['is not there', {}, 'h2', 'h2 has no bmc'],
  ] as const)('a switch that %s is a failure with a reason', async (_, machine, host, words) => {
    const { control, kept } = stage(machine);
    expect(await kept(control.switchOn(host))).toEqual({ state: 'failed', because: expect.stringContaining(words) });
  });

  test('a host whose power cannot be cut is told to be on', async () => {
    const { control, kept } = stage({ ignores: ['shutdown', 'cut'] });
    expect(await kept(control.switchOff('h1'))).toEqual({
      state: 'failed',
      because: 'the power of h1 was cut, and is not seen to be off after 1 min',
    });
  });

  test('of a host without one nothing is known', async () => {
    const { control } = stage({});
    expect([await control.isOn('h2'), await control.watts('h2'), await control.watts('h1')]).toEqual(
      Array.from({ length: 3 }),
    );
  });
});
