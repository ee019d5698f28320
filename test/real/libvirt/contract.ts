import { setTimeout as sleep } from 'node:timers/promises';
import { IpmiSwitch } from '../../../src/drivers/ipmi/ipmi-switch.ts';
import { LibvirtDriver } from '../../../src/drivers/libvirt/libvirt-driver.ts';
import type { MigrationSettings } from '../../../src/drivers/libvirt/settings.ts';
import { type Switched, Switches } from '../../../src/drivers/remote-power/remote-power.ts';
import { SystemClock } from '../../../src/wiring/clocks.ts';
import { describeDriver, type Stage } from '../../drivers/driver-contract.ts';
import { bmcAddressOf, labHost, PLAIN_MIGRATION, SHARED_FOLDER } from './lab.ts';

const PACE_MS = 300;
/** So slow that copying takes several paces. */
const MOST_MIB_PER_S = 32;
const MOST_LOOKS = 200;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The guest stays from test to test, and so do migrations that a test has let go: the stage begins when it rests. */
async function makeStage(control: MigrationSettings['control']): Promise<Stage> {
  const clock = new SystemClock();
  const power = new Switches({ hosts: new Map([1, 2, 3].map(switchedOf)), clock });
  const driver = LibvirtDriver.open({
    clock,
    log: silent,
    power,
    settings: {
      hosts: [labHost(1), labHost(2), labHost(3)],
      sharedPaths: [SHARED_FOLDER],
      saveFolder: SHARED_FOLDER,
      connectSeconds: 5,
      pingSeconds: 2,
      dirtyRateSeconds: 0,
      migration: { ...PLAIN_MIGRATION, control, mostMibPerS: MOST_MIB_PER_S },
    },
  });
  if ('because' in driver) throw new Error(driver.because);
  const from = await placeAtRest(driver, 'web');
  const to = from === 'h1' ? 'h2' : 'h1';
  return { driver, pass: (ms) => sleep(ms), vm: 'web', from, to, idleHost: 'h3', paceMs: PACE_MS };
}

function switchedOf(number: number): [string, Switched] {
  const bmc = { address: bmcAddressOf(number), port: 623, user: 'admin', password: () => 'lab' };
  return [`h${number}`, { power: new IpmiSwitch(bmc), shutdownSeconds: 10, seenOnWithinSeconds: 60 }];
}

async function placeAtRest(driver: LibvirtDriver, id: string): Promise<string> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const { vms, flights } = await driver.inventory();
    const place = vms.find((vm) => vm.id === id)?.host;
    if (place !== undefined && flights.length === 0) return place;
    await sleep(PACE_MS);
  }
  throw new Error(`${id} does not come to rest`);
}

describeDriver('libvirt', () => makeStage('managed'));
describeDriver('libvirt, led by the source,', () => makeStage('peer-to-peer'));
