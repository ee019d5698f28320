/**
 * Others at work beside Drover on real hosts: `node test/real/libvirt/coexist.ts FOLDER_OF_THE_LAB`. What they do must be
 * noticed within two seconds, given way to, and told with what to do about it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import { Turns } from '../turns.ts';
import { type LabCase, tryAll } from './cases.ts';
import { DroverProcess } from './drover-process.ts';
import { type Lab, labHostSettings, STATE_FOLDER } from './lab.ts';

const HOSTS = ['h1', 'h2', 'h3'];
const NOTICED_WITHIN_MS = 2 * SECOND;
const GUESTS = ['web', 'db', 'mail', 'shop'];

const config = {
  cluster: 'lab',
  mode: 'auto',
  observe: { sampleSeconds: 1, cycleSeconds: 60, fastWindowSeconds: 5, slowWindowSeconds: 10 },
  coexistence: { standBack: 'cluster', minutes: 5 },
  driver: { kind: 'libvirt', hosts: HOSTS.map((id) => ({ ...labHostSettings(id), bmc: undefined })) },
};

let drover: DroverProcess;

const troubles = async (): Promise<string> =>
  (JSON.parse(await drover.ask('status')) as { readonly troubles: readonly string[] }).troubles.join('; ');
const placeOf = async (guest: string): Promise<string> =>
  (JSON.parse(await drover.ask(`vms/${guest}`)) as { readonly host: string }).host;

/** So long it took, from now, until it was so. */
async function noticed(what: string, isSo: () => Promise<boolean>): Promise<string[]> {
  const turns = new Turns();
  try {
    while (turns.ms < 10 * NOTICED_WITHIN_MS) {
      if (await isSo()) {
        const ms = Math.round(turns.ms);
        process.stdout.write(`  ${what}: noticed after ${ms} ms\n`);
        return ms <= NOTICED_WITHIN_MS ? [] : [`${what}: noticed only after ${ms} ms`];
      }
      await sleep(50);
    }
    return [`${what}: not noticed, Drover says ${(await troubles()) || 'nothing'}`];
  } finally {
    turns.stop();
  }
}

const CASES: readonly LabCase[] = [
  {
    name: 'a person pauses a guest, and lets it go on',
    run: async (lab) => {
      await lab.do('virsh', 'h1', 'suspend', 'web');
      const paused = await noticed('the pause', async () => /web is paused on h1.*virsh resume/.test(await troubles()));
      await lab.do('virsh', 'h1', 'resume', 'web');
      const resumed = await noticed('its end', async () => !(await troubles()).includes('web'));
      return [...paused, ...resumed];
    },
  },
  {
    name: 'a copy of a guest is started on another host',
    run: async (lab) => {
      await lab.do('virsh', 'h2', 'create', `${STATE_FOLDER}/web.xml`);
      const split = await noticed('the copy', async () =>
        /web runs on h1 and h2 at once.*virsh destroy/.test(await troubles()),
      );
      await lab.do('virsh', 'h2', 'destroy', 'web');
      const whole = await noticed('its end', async () => !(await troubles()).includes('web'));
      return [...split, ...whole];
    },
  },
  {
    name: 'a host shuts its guests down',
    run: async (lab) => {
      for (const guest of ['mail', 'shop']) await lab.do('virsh', 'h3', 'save', guest, `/tmp/${guest}.saved`);
      const leaving = await noticed('it', async () => /h3 shuts its VMs down/.test(await troubles()));
      for (const guest of ['mail', 'shop']) await lab.do('in', 'h3', 'rm', '-f', `/tmp/${guest}.saved`);
      return leaving;
    },
  },
  {
    name: 'somebody else moves a guest',
    run: async (lab) => {
      await lab.do('virsh', 'h1', 'migrate', '--live', '--p2p', 'web', labHostSettings('h2').uri);
      const moved = await noticed('the move', async () => (await placeOf('web')) === 'h2');
      const gaveWay = await noticed('who it was', async () =>
        /somebody else moves VMs here: nothing is begun/.test(await troubles()),
      );
      const told = drover.said().includes('web was moved from h1 to h2 by somebody else');
      return [...moved, ...gaveWay, ...(told ? [] : ['the log says nothing of it'])];
    },
  },
];

process.exitCode = await tryAll(HOSTS.length, CASES, async (lab: Lab) => {
  for (const [index, guest] of GUESTS.entries()) await lab.do('vm', index < 2 ? 'h1' : 'h3', guest, '96', 'cpu=1');
  for (const guest of GUESTS) await lab.awake(guest);
  drover = await DroverProcess.start(config);
  await sleep(3 * SECOND);
}).finally(() => drover?.stop());
