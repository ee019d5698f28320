import { describe, expect, test } from 'vitest';
import { IpmiSwitch } from '../../../src/drivers/ipmi/ipmi-switch.ts';
import type { Trust } from '../../../src/drivers/redfish/exchange.ts';
import { RedfishSwitch } from '../../../src/drivers/redfish/redfish-switch.ts';
import { Switches } from '../../../src/drivers/remote-power/remote-power.ts';
import { WakeOnLanSwitch } from '../../../src/drivers/wake-on-lan/wake-on-lan-switch.ts';
import type { PowerSwitch } from '../../../src/ports/power-switch.ts';
import { openJournal } from '../../../src/store/sqlite-journal.ts';
import { SystemClock } from '../../../src/wiring/clocks.ts';
import type { Stage } from './stage.ts';

/** The stage is up; where everything is on it was handed over. */
const stage = JSON.parse(process.env.DROVER_POWER_STAGE ?? '') as Stage;
const PASSWORD = stage.password;
const clock = new SystemClock();

interface Kind {
  readonly open: () => PowerSwitch;
  /** A shutdown is all there is for a host without a BMC. */
  readonly cuts: boolean;
  readonly seenOnWithinSeconds: number;
}

const DONE = { state: 'done' };

function describeSwitch(name: string, { open, cuts, seenOnWithinSeconds }: Kind): void {
  const power = open();
  const control = new Switches({
    hosts: new Map([['h1', { power, shutdownSeconds: 60, seenOnWithinSeconds }]]),
    clock,
  });

  describe(name, () => {
    test('a host is switched on, and again, which does no harm', async () => {
      for (let time = 0; time < 2; time++) {
        expect(await control.switchOn('h1')).toEqual(DONE);
        expect(await control.isOn('h1')).toBe(true);
      }
    });

    test('it is shut down in order, and seen to be off', async () => {
      expect(await control.switchOff('h1')).toEqual(DONE);
      expect(await control.isOn('h1')).toBe(false);
    });

    test('it comes back', async () => {
      expect(await control.switchOn('h1')).toEqual(DONE);
      expect(await control.isOn('h1')).toBe(true);
    });

    if (cuts) {
      test('its power is cut', async () => {
        await power.press('cut');
        await expect.poll(() => power.isOn(), { timeout: 20_000 }).toBe(false);
      });
    }

    test('what is not measured has no watts, and that is no error', async () => {
      expect(await power.watts?.()).toBeUndefined();
    });

    test('it leaves nothing open', async () => {
      await control.close();
    });
  });
}

const ipmi = (password: string, port = stage.ipmi.port) =>
  new IpmiSwitch({ address: '127.0.0.1', port, user: stage.user, password: () => password });

const redfish = (trust: Trust, password = PASSWORD, system: string = stage.redfish.system) =>
  new RedfishSwitch({ url: new URL(stage.redfish.url), user: stage.user, password: () => password, trust, system });

const BY_AUTHORITY: Trust = { kind: 'authority', file: stage.redfish.ca };
const BY_FINGERPRINT: Trust = { kind: 'fingerprint', sha256: stage.redfish.fingerprint };

describeSwitch('IPMI', { open: () => ipmi(PASSWORD), cuts: true, seenOnWithinSeconds: 60 });
describeSwitch('Redfish, by authority', { open: () => redfish(BY_AUTHORITY), cuts: true, seenOnWithinSeconds: 60 });
describeSwitch('Redfish, pinned', { open: () => redfish(BY_FINGERPRINT), cuts: true, seenOnWithinSeconds: 60 });

const journal = openJournal(stage.stateFolder, { verdicts: 1, plans: 1, steps: 1, cases: 1, caseBytes: 1 });
if ('because' in journal) throw new Error(journal.because);
const { notes } = journal;
describeSwitch('Wake-on-LAN', {
  open: () => new WakeOnLanSwitch({ host: stage.sleeper, clock, notes }),
  cuts: false,
  seenOnWithinSeconds: 60,
});

test('a host that was put to sleep is known to be off by a Drover that starts anew', async () => {
  const power = new WakeOnLanSwitch({ host: stage.sleeper, clock, notes });
  await power.press('shutdown');
  const anew = new WakeOnLanSwitch({ host: stage.sleeper, clock, notes });
  await expect.poll(() => anew.isOn(), { timeout: 40_000, interval: 500 }).toBe(false);
  await anew.press('on');
  await expect.poll(() => anew.isOn(), { timeout: 20_000 }).toBe(true);
});

describe('refusals', () => {
  test.each<[string, () => PowerSwitch, RegExp]>([
    ['IPMI, a wrong password', () => ipmi('wrong'), /unable|password|integrity|session/i],
    ['IPMI, nobody there', () => ipmi(PASSWORD, stage.nobodyAtPort), /unable|answer|session/i],
    ['Redfish, a wrong password', () => redfish(BY_AUTHORITY, 'wrong'), /refuses the user or the password/],
    [
      'Redfish, an authority that is not known',
      () => redfish({ kind: 'authorities' }),
      /name its file as ca|signed itself/,
    ],
    [
      'Redfish, another certificate than the one that is pinned',
      () => redfish({ kind: 'fingerprint', sha256: 'ab'.repeat(32) }),
      /not the one that is pinned/,
    ],
    ['Redfish, no such system', () => redfish(BY_AUTHORITY, PASSWORD, 'h9'), /has no system h9/],
  ])('%s: one sentence, without the password', async (_, open, words) => {
    const error = await open()
      .isOn()
      .then(
        () => new Error('it was not refused'),
        (reason: Error) => reason,
      );
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain(PASSWORD);
    expect(error.message).not.toContain('\n');
  });
});
