/**
 * A skewed load on real hosts, and Drover in `auto`: `node test/real/libvirt/relieve.ts FOLDER_OF_THE_LAB`. What happened
 * is judged by what libvirt itself reports, not by what Drover says.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import { DroverProcess } from './drover-process.ts';
import { addressOf, Lab } from './lab.ts';
import { LibvirtWitness } from './witness.ts';

const HOSTS = 4;
const GUESTS_PER_HOST = 4;
const WATCHED_MS = 75 * SECOND;
/** Each host may use half a core, so that it is hot even where this machine has other work. */
const HOT_PERCENT = 25;

const config = {
  cluster: 'lab',
  mode: 'auto',
  observe: { sampleSeconds: 1, cycleSeconds: 5, fastWindowSeconds: 10, slowWindowSeconds: 30, hotSeconds: 8 },
  profile: { vmCooldownMinutes: 1, leastSavingPerHour: 0.001 },
  driver: {
    kind: 'libvirt',
    dirtyRateSeconds: 0,
    migration: { mostMibPerS: 40 },
    hosts: Array.from({ length: HOSTS }, (_, index) => ({
      id: `h${index + 1}`,
      uri: `qemu+tcp://${addressOf(index + 1)}/system`,
      cores: 0.5,
      memoryGib: 2,
      reservedMemoryGib: 0.5,
    })),
  },
};

async function main(): Promise<number> {
  const lab = new Lab(Lab.folderOf(process.argv.slice(2)), { LAB_CPU: '50', LAB_MEM: '2048' });
  try {
    await lab.do('up', String(HOSTS));
    const guests = await startGuests(lab);
    const witness = await LibvirtWitness.open(HOSTS);
    const drover = await DroverProcess.start(config);
    try {
      await sleep(WATCHED_MS);
      return await judge(lab, guests, witness, drover);
    } finally {
      await drover.stop();
      witness.close();
    }
  } finally {
    await lab.do('down');
  }
}

const isHot = (guest: string): boolean => guest.startsWith('hot');

/** All the load on the first host; the guests of the others have next to nothing to do. */
async function startGuests(lab: Lab): Promise<string[]> {
  const guests: string[] = [];
  for (let host = 1; host <= HOSTS; host++) {
    const names = Array.from(
      { length: GUESTS_PER_HOST },
      (_, index) => `${host === 1 ? 'hot' : `cool${host}`}-${index + 1}`,
    );
    const load = host === 1 ? `cpu=${HOT_PERCENT},dirty=1,watch=10` : 'cpu=1,watch=100';
    for (const name of names) await lab.do('vm', `h${host}`, name, '96', load);
    guests.push(...names);
  }
  for (const guest of guests) await lab.awake(guest);
  for (const guest of guests) await lab.ask(guest, 'stat reset');
  return guests;
}

async function judge(
  lab: Lab,
  guests: readonly string[],
  witness: LibvirtWitness,
  drover: DroverProcess,
): Promise<number> {
  const moves = witness.moves();
  const after = await witness.places();
  const gaps = await Promise.all(guests.map(async (guest) => [guest, await lab.ask(guest, 'stat')] as const));
  const left = guests.filter((guest) => after.get(guest)?.[0] === 'h1' && isHot(guest));
  const faults = [
    ...witness.overlaps().map((words) => `at once: ${words}`),
    ...guests
      .filter((guest) => after.get(guest)?.length !== 1)
      .map((guest) => `${guest} is in ${after.get(guest)?.length ?? 0} places`),
    ...(moves.length === 0 ? ['nothing was moved'] : []),
    ...(left.length === GUESTS_PER_HOST ? ['the hot host was not relieved'] : []),
    ...gaps.filter(([, words]) => !/wrong=0\b/.test(words)).map(([guest, words]) => `${guest} says ${words}`),
  ];
  for (const move of moves) process.stdout.write(`${JSON.stringify(move)}\n`);
  for (const [guest, words] of gaps) process.stdout.write(`${guest} on ${after.get(guest)?.join(' and ')}: ${words}\n`);
  process.stdout.write(`${moves.length} migrations, ${left.length} of ${GUESTS_PER_HOST} busy guests left on h1\n`);
  const longest = Math.max(...gaps.map(([, words]) => Number(/longest_gap_us=(\d+)/.exec(words)?.[1] ?? Number.NaN)));
  process.stdout.write(`longest silence of any guest's heartbeat: ${Math.round(longest / 1000)} ms\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
  if (faults.length > 0) {
    process.stderr.write(drover.said());
    for (const what of ['hosts', 'decisions']) process.stderr.write(`${what}: ${await drover.ask(what)}\n`);
  }
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
