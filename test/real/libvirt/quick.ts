/**
 * Guests that are saved and resumed elsewhere, where something comes in between: `node test/real/libvirt/quick.ts
 * FOLDER_OF_THE_LAB`. Each case ends with the guest running in the one place that it must be in, unharmed.
 */
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import type { LibvirtDriver } from '../../../src/drivers/libvirt/libvirt-driver.ts';
import type { Migration, MigrationEnd } from '../../../src/ports/driver.ts';
import { tryAll } from './cases.ts';
import { type Lab, labHost, openLabDriver, SHARED_FOLDER } from './lab.ts';

const GUEST = 'web';
/** Room for two guests of 96 MiB beside what the host itself needs. */
const SMALL_GIB = 1.25;
const WITHIN_MS = 60 * SECOND;
const EMULATOR = '/usr/bin/qemu-system-x86_64';

interface Case {
  readonly name: string;
  /** Where the guest must run in the end; it begins on h1 and is ordered to h2. */
  readonly endsOn: string;
  run(lab: Lab, driver: LibvirtDriver): Promise<readonly string[]>;
}

const CASES: readonly Case[] = [
  {
    name: 'it is brought to its target, and its definition with it',
    endsOn: 'h2',
    run: async (lab, driver) => {
      await lab.do('in', 'h1', 'sh', '-c', `virsh dumpxml ${GUEST} >/tmp/${GUEST}.xml; virsh define /tmp/${GUEST}.xml`);
      const end = await ordered(driver).ended;
      const [h1, h2] = [
        await lab.do('virsh', 'h1', 'list', '--all'),
        await lab.do('virsh', 'h2', 'list', '--persistent'),
      ];
      return [
        ...unless(end.state === 'done', end),
        ...(h1.includes(GUEST) ? ['it is still defined on h1'] : []),
        ...(h2.includes(GUEST) ? [] : ['it is not defined on h2']),
      ];
    },
  },
  {
    name: 'it waits for room, and comes when there is some',
    endsOn: 'h2',
    run: async (lab, driver) => {
      await lab.do('vm', 'h2', 'in-the-way', '96', 'cpu=1');
      await lab.do('vm', 'h2', 'another', '96', 'cpu=1');
      const migration = ordered(driver);
      await saved(driver);
      await sleep(3 * SECOND);
      const early = (await states(lab)).size;
      await lab.do('virsh', 'h2', 'destroy', 'another');
      const end = await migration.ended;
      await lab.do('virsh', 'h2', 'destroy', 'in-the-way');
      return [...(early === 0 ? [] : ['it did not wait for room']), ...unless(end.state === 'done', end)];
    },
  },
  {
    name: 'it is cancelled while it is saved, and runs on where it was',
    endsOn: 'h1',
    run: (lab, driver) =>
      withoutRoom(lab, async () => {
        const migration = ordered(driver);
        await saved(driver);
        const end = migration.cancel() ? await migration.ended : { state: 'could not be cancelled' };
        return unless(end.state === 'cancelled', end);
      }),
  },
  {
    name: 'its target cannot resume it, and it comes back',
    endsOn: 'h1',
    run: async (lab, driver) => {
      await lab.do('in', 'h2', 'mount', '--bind', '/bin/false', EMULATOR);
      const end = await ordered(driver).ended;
      await lab.do('in', 'h2', 'umount', EMULATOR);
      return unless(end.state === 'failed' && end.because.includes('resumed on h1'), end);
    },
  },
  {
    name: 'nobody can resume it, and what to do is said; whoever comes next brings it on',
    endsOn: 'h2',
    run: async (lab, driver) => {
      await lab.do('in', 'h2', 'mount', '--bind', '/bin/false', EMULATOR);
      const migration = ordered(driver);
      await lab.do('in', 'h1', 'sh', '-c', `sleep 0.2; mount --bind /bin/false ${EMULATOR}`);
      const end = await migration.ended;
      for (const host of ['h1', 'h2']) await lab.do('in', host, 'umount', EMULATOR);
      return [...unless(end.state === 'failed' && end.because.includes('virsh restore'), end), ...(await afresh(lab))];
    },
  },
  {
    name: 'Drover is gone while it is saved, and the next one brings it on',
    endsOn: 'h2',
    run: async (lab, driver) =>
      withoutRoom(lab, async () => {
        ordered(driver);
        await saved(driver);
        await driver.close();
        return (await states(lab)).size === 0 ? [] : ['it was not saved any more'];
      }).then(async (faults) => [...faults, ...(await afresh(lab))]),
  },
];

let orders = 0;
function ordered(driver: LibvirtDriver): Migration {
  orders += 1;
  return driver.migrate({ id: `quick ${orders}`, vm: GUEST, from: 'h1', to: 'h2', how: 'quick' }, () => {});
}

const unless = (isSo: boolean, end: MigrationEnd | object): string[] =>
  isSo ? [] : [`ended as ${JSON.stringify(end)}`];

/** Two guests on the target, which is full with them. */
async function withoutRoom<T>(lab: Lab, then: () => Promise<T>): Promise<T> {
  for (const name of ['in-the-way', 'another']) await lab.do('vm', 'h2', name, '96', 'cpu=1');
  const result = await then();
  for (const name of ['in-the-way', 'another']) await lab.do('virsh', 'h2', 'destroy', name);
  return result;
}

async function saved(driver: LibvirtDriver): Promise<void> {
  await until(async () => {
    const { flights, vms } = await driver.inventory();
    return flights.some(({ quick }) => quick === 'saved') && vms.some(({ id }) => id === GUEST);
  });
}

/** Another driver finds the guest, and what it says of it is a flight until it has arrived. */
async function afresh(lab: Lab): Promise<string[]> {
  const driver = openLabDriver(hosts());
  try {
    await until(async () => {
      const { flights } = await driver.inventory();
      return flights.length === 0 && (await states(lab)).size > 0;
    });
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await driver.close();
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + WITHIN_MS; Date.now() < endMs; ) {
    if (await isSo()) return;
    await sleep(SECOND / 10);
  }
  throw new Error(`did not happen within ${WITHIN_MS / SECOND} s`);
}

const hosts = () => [labHost(1), { ...labHost(2), memoryGib: SMALL_GIB }];

/** By virsh, a second witness. */
async function states(lab: Lab): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const host of ['h1', 'h2']) {
    const listed = await lab.do('virsh', host, 'list', '--name');
    if (listed.split('\n').includes(GUEST)) found.set(host, await lab.do('virsh', host, 'domstate', GUEST));
  }
  return found;
}

async function tried(lab: Lab, { endsOn, run }: Case): Promise<string[]> {
  await lab.do('vm', 'h1', GUEST, '96', 'cpu=2,dirty=1');
  await lab.awake(GUEST);
  const driver = openLabDriver(hosts());
  try {
    await driver.inventory();
    const faults = [...(await run(lab, driver))];
    const places = JSON.stringify([...(await states(lab))]);
    if (places !== JSON.stringify([[endsOn, 'running']])) faults.push(`it must run on ${endsOn}, and is ${places}`);
    else if (!/wrong=0\b/.test(await lab.ask(GUEST, 'stat'))) faults.push(`its memory is damaged`);
    const files = (await readdir(SHARED_FOLDER)).filter((name) => name.includes('.saved'));
    if (files.length > 0) faults.push(`left behind: ${files.join(', ')}`);
    return faults;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await driver.close();
    for (const host of ['h1', 'h2']) {
      await lab.do('virsh', host, 'destroy', GUEST).catch(() => undefined);
      await lab.do('virsh', host, 'undefine', GUEST).catch(() => undefined);
    }
  }
}

process.exitCode = await tryAll(
  2,
  CASES.map((one) => ({ name: one.name, run: (lab) => tried(lab, one) })),
  async () => {},
);
