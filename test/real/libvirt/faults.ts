/**
 * Faults struck while guests are copied: `node test/real/libvirt/faults.ts FOLDER_OF_THE_LAB [HOW_MANY] [SEED]`. After
 * each, every guest must run in exactly one place, or have been reported; none may run twice at any time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import type { LibvirtDriver } from '../../../src/drivers/libvirt/libvirt-driver.ts';
import type { MigrationEnd } from '../../../src/ports/driver.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import { Lab, labHost, openLabDriver } from './lab.ts';

const HOSTS = 3;
const GUEST = 'web';
const SLOW_MIB_PER_S = 16;
const SETTLED_WITHIN_MS = 120 * SECOND;
const LIBVIRTD = 'kill -9 $(cat /run/libvirt/libvirtd.pid)';
const QEMU = `kill -9 $(pgrep -f 'guest=${GUEST},' | head -1)`;

interface Fault {
  readonly name: string;
  readonly losesGuest: boolean;
  strike(lab: Lab, from: string, to: string): Promise<unknown>;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'the libvirtd of the target is killed',
    losesGuest: false,
    strike: (lab, _, to) => inside(lab, to, LIBVIRTD),
  },
  {
    name: 'the libvirtd of the source is killed',
    losesGuest: false,
    strike: (lab, from) => inside(lab, from, LIBVIRTD),
  },
  { name: 'the QEMU of the target is killed', losesGuest: false, strike: (lab, _, to) => inside(lab, to, QEMU) },
  { name: 'the QEMU of the source is killed', losesGuest: true, strike: (lab, from) => inside(lab, from, QEMU) },
  { name: 'the target loses its power for 10 s', losesGuest: false, strike: (lab, _, to) => unpowered(lab, to) },
  { name: 'the source loses its power for 10 s', losesGuest: true, strike: (lab, from) => unpowered(lab, from) },
  { name: 'the cable of the target is out for 3 s', losesGuest: false, strike: (lab, _, to) => unplugged(lab, to, 3) },
  {
    name: 'the cable of the target is out for 15 s',
    losesGuest: false,
    strike: (lab, _, to) => unplugged(lab, to, 15),
  },
];

const inside = (lab: Lab, host: string, command: string) => lab.do('in', host, 'sh', '-c', command);

async function unplugged(lab: Lab, host: string, seconds: number): Promise<void> {
  await lab.do('cut', host);
  await sleep(seconds * SECOND);
  await lab.do('mend', host);
}

async function unpowered(lab: Lab, host: string): Promise<void> {
  await lab.do('off', host);
  await sleep(10 * SECOND);
  await lab.do('on', host);
}

async function main(): Promise<number> {
  const [, count = '16', seed = '1'] = process.argv.slice(2);
  const random = seededRandom(Number(seed));
  const lab = new Lab(Lab.folderOf(process.argv.slice(2)));
  let wrong = 0;
  try {
    await lab.do('up', String(HOSTS));
    for (let round = 1; round <= Number(count); round++) {
      const fault = FAULTS[Math.floor(random.next() * FAULTS.length)]!;
      const struckAfterMs = 500 + Math.floor(random.next() * 5 * SECOND);
      const faults = await struck(lab, fault, struckAfterMs);
      if (faults.length > 0) wrong += 1;
      process.stdout.write(`${round}: ${fault.name} after ${struckAfterMs} ms: ${faults.join('; ') || 'in order'}\n`);
    }
  } finally {
    await lab.do('down');
  }
  process.stdout.write(`${count} faults, ${wrong} of them ended wrong\n`);
  return wrong === 0 ? 0 : 1;
}

/** One guest, one migration, one fault; gives what was not as it must be. */
async function struck(lab: Lab, fault: Fault, afterMs: number): Promise<string[]> {
  for (let host = 1; host <= HOSTS; host++) await lab.do('on', `h${host}`);
  const hosts = Array.from({ length: HOSTS }, (_, index) => labHost(index + 1));
  const driver = openLabDriver(hosts, { mostMibPerS: SLOW_MIB_PER_S });
  try {
    const from = await running(lab, driver);
    const to = from === 'h2' ? 'h3' : 'h2';
    const migration = driver.migrate({ id: `${Date.now()}`, vm: GUEST, from, to, how: 'live' }, () => {});
    await sleep(afterMs);
    const strike = fault.strike(lab, from, to).catch(() => undefined);
    const end = await Promise.race([migration.ended, sleep(SETTLED_WITHIN_MS)]);
    await strike;
    for (let host = 1; host <= HOSTS; host++) await lab.do('on', `h${host}`);
    return judge(lab, fault, end ?? undefined, from, to);
  } finally {
    await driver.close();
  }
}

/** Where the guest runs; it is started where nothing is left of it. */
async function running(lab: Lab, driver: LibvirtDriver): Promise<string> {
  if ((await places(lab)).size === 0) await lab.do('vm', 'h1', GUEST, '96', 'cpu=2,dirty=1');
  for (let tries = 0; tries < 60; tries++) {
    const { vms, hosts } = await driver.inventory();
    const guest = vms.find(({ id }) => id === GUEST);
    if (guest?.migratable === true && hosts.length === HOSTS && hosts.every(({ power }) => power === 'on'))
      return guest.host;
    await sleep(SECOND / 2);
  }
  throw new Error(`${GUEST} does not come to rest`);
}

/** Host to the guest's state, by virsh: a second witness beside the driver's own client. */
async function places(lab: Lab): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let host = 1; host <= HOSTS; host++) {
    const state = await lab.do('virsh', `h${host}`, 'domstate', GUEST).catch(() => '');
    if (state !== '') found.set(`h${host}`, state);
  }
  return found;
}

async function judge(
  lab: Lab,
  fault: Fault,
  end: MigrationEnd | undefined,
  from: string,
  to: string,
): Promise<string[]> {
  const seen = await places(lab);
  const running = [...seen].filter(([, state]) => state === 'running').map(([host]) => host);
  const words = [...seen].map(([host, state]) => `${state} on ${host}`).join(', ') || 'nowhere';
  if (end === undefined) return [`no end within ${SETTLED_WITHIN_MS / SECOND} s, the guest is ${words}`];
  if (running.length > 1) return [`the guest runs twice: ${words}`];
  if (end.state === 'done') return running[0] === to ? [] : [`said to be done, and the guest is ${words}`];
  if (running[0] === from && seen.size === 1) return [];
  const isReported = end.state === 'failed' && /by hand|look with virsh|is not clear/.test(end.because);
  if (running.length === 0 && fault.losesGuest && isReported) return [];
  return [`the guest is ${words}, and the driver said ${JSON.stringify(end)}`];
}

process.exitCode = await main();
