/**
 * A day of four real hosts with four guests each, and Drover in `auto`: `node test/real/libvirt/day.ts
 * FOLDER_OF_THE_LAB`. The load is skewed, falls at night and comes back in the morning. What happened is judged by what
 * libvirt, the BMCs and the guests themselves report, not by what Drover says.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import { DroverProcess } from './drover-process.ts';
import { Heartbeat } from './heartbeat.ts';
import { LAB_BMC_ENV, Lab, labHostSettings } from './lab.ts';
import { LibvirtWitness } from './witness.ts';

const HOSTS = Array.from({ length: 4 }, (_, index) => `h${index + 1}`);
const GUESTS_PER_HOST = 4;
const FEWEST_OFF_AT_NIGHT = 2;
const CROWDED = 0.85;
const LOOK_EVERY_MS = SECOND / 2;
const MOST_LOOKS_AT_PLACES = 20;
/** Each host may use half a core, so that it is hot even where this machine has other work. */
const CORES = 0.5;
/** What no service that retries would notice. */
const MOST_SILENT_MS = 10 * SECOND;

const config = {
  cluster: 'lab',
  mode: 'auto',
  power: true,
  observe: {
    ...{ sampleSeconds: 1, cycleSeconds: 5, fastWindowSeconds: 10, slowWindowSeconds: 30, hotSeconds: 8 },
    ...{ soonMinutes: 0.5, laterMinutes: 1 },
  },
  profile: { vmCooldownMinutes: 0.5, minimumOnMinutes: 0.5, minimumOffMinutes: 0.25, spareHosts: 0 },
  prices: { perPowerCycle: 0.001 },
  driver: {
    kind: 'libvirt',
    dirtyRateSeconds: 0,
    migration: { mostMibPerS: 40 },
    hosts: HOSTS.map((id) => ({
      ...labHostSettings(id),
      ...{ cores: CORES, memoryGib: 4, reservedMemoryGib: 0.5 },
      powerModel: { watts: [200, 400], offWatts: 5, bootSeconds: 5, shutdownSeconds: 5 },
    })),
  },
};

interface Scene {
  readonly lab: Lab;
  readonly guests: readonly string[];
  readonly witness: LibvirtWitness;
  readonly drover: DroverProcess;
}

interface Hour {
  readonly name: string;
  readonly cpuPercent: (guest: string) => number;
  readonly withinSeconds: number;
  /** In words, once what this hour is for has come about. */
  readonly hasCome: (scene: Scene) => Promise<string | undefined>;
}

const isBusy = (guest: string): boolean => guest.startsWith('busy');

const DAY: readonly Hour[] = [
  {
    name: 'all the load is on h1',
    cpuPercent: (guest) => (isBusy(guest) ? 25 : 1),
    withinSeconds: 180,
    hasCome: async ({ guests, witness }) => {
      const places = await witness.places();
      const left = guests.filter((guest) => isBusy(guest) && places.get(guest)?.[0] === 'h1');
      return left.length <= GUESTS_PER_HOST / 2
        ? `h1 is relieved, ${left.length} busy guests are left there`
        : undefined;
    },
  },
  {
    name: 'night: nobody has much to do',
    cpuPercent: () => 0,
    withinSeconds: 240,
    hasCome: async ({ lab }) => {
      const off = await hostsOff(lab);
      return off.length >= FEWEST_OFF_AT_NIGHT ? `${off.join(' and ')} are emptied and switched off` : undefined;
    },
  },
  {
    name: 'morning: all have much to do',
    cpuPercent: () => 25,
    withinSeconds: 240,
    // How much the guests get to do depends on what else this machine does: as many hosts as that needs must be back.
    hasCome: async ({ lab, witness }) => {
      const off = await hostsOff(lab);
      if (off.length === 0) return 'all hosts are on again';
      if (off.length >= FEWEST_OFF_AT_NIGHT) return undefined;
      const busiest = await witness.busiest();
      if (busiest.share >= CROWDED || busiest.host === 'none') return undefined;
      return `hosts are on again, all but ${off.join(' and ')}; the busiest is ${busiest.host} at ${Math.round(100 * busiest.share)} %`;
    },
  },
];

/** As their BMCs say; one that does not answer in time says so at the next look. */
async function hostsOff(lab: Lab): Promise<string[]> {
  const ask = (host: string) => lab.do('bmc', host, 'chassis', 'power', 'status').catch(() => '');
  const states = await Promise.all(HOSTS.map(ask));
  return HOSTS.filter((_, index) => /is off/.test(states[index] ?? ''));
}

async function main(): Promise<number> {
  const lab = new Lab(Lab.folderOf(process.argv.slice(2)), { LAB_CPU: String(100 * CORES), LAB_MEM: '4096' });
  try {
    await lab.up(HOSTS.length);
    const guests = await startGuests(lab);
    const witness = await LibvirtWitness.open(HOSTS.length);
    const drover = await DroverProcess.start(config, { [LAB_BMC_ENV]: 'lab' });
    const heartbeat = Heartbeat.open(await lab.addressesOf(guests));
    try {
      for (const host of HOSTS) await drover.orderUntilTaken(`hosts/${host}/vouch`);
      const faults = await lived({ lab, guests, witness, drover });
      return await tell([...faults, ...(await judge(guests, witness, heartbeat))], witness, heartbeat, drover);
    } finally {
      heartbeat.close();
      await drover.stop();
      witness.close();
    }
  } finally {
    await lab.down();
  }
}

async function startGuests(lab: Lab): Promise<string[]> {
  const guests: string[] = [];
  for (const host of HOSTS) {
    const kind = host === 'h1' ? 'busy' : `calm-${host}`;
    const names = Array.from({ length: GUESTS_PER_HOST }, (_, index) => `${kind}-${index + 1}`);
    await Promise.all(names.map((name) => lab.do('vm', host, name, '96', 'cpu=1')));
    guests.push(...names);
  }
  for (const guest of guests) await lab.awake(guest);
  return guests;
}

/** What did not come about in its hour. */
async function lived(scene: Scene): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, cpuPercent, withinSeconds, hasCome } of DAY) {
    process.stdout.write(`${name}\n`);
    for (const guest of scene.guests) await scene.lab.ask(guest, `cpu ${cpuPercent(guest)}`);
    const beganMs = Date.now();
    let come: string | undefined;
    while (come === undefined && Date.now() - beganMs < withinSeconds * SECOND) {
      await sleep(LOOK_EVERY_MS);
      await scene.witness.rejoin();
      come = await hasCome(scene);
    }
    const seconds = Math.round((Date.now() - beganMs) / SECOND);
    process.stdout.write(`  after ${seconds} s: ${come ?? 'nothing has come of it'}\n`);
    if (come === undefined) faults.push(`${name}: what must come of it has not within ${withinSeconds} s`);
  }
  return faults;
}

/** Drover goes on meanwhile, and a guest on its way is listed at both ends: who is astray is so at every look. */
async function astrayAmong(guests: readonly string[], witness: LibvirtWitness): Promise<string[]> {
  for (let look = 1; ; look++) {
    await witness.atRest();
    const places = await witness.places();
    const astray = guests.filter((guest) => places.get(guest)?.length !== 1);
    if (astray.length === 0 || look === MOST_LOOKS_AT_PLACES) {
      return astray.map((guest) => `${guest} is in ${places.get(guest)?.length ?? 0} places`);
    }
    await sleep(SECOND);
  }
}

async function judge(guests: readonly string[], witness: LibvirtWitness, heartbeat: Heartbeat): Promise<string[]> {
  const astray = await astrayAmong(guests, witness);
  return [
    ...witness.overlaps().map((words) => `at once: ${words}`),
    ...astray,
    ...(witness.moves().length === 0 ? ['nothing was moved'] : []),
    ...heartbeat.faults,
    ...(heartbeat.longest.ms > MOST_SILENT_MS ? [`${heartbeat.longest.guest} was silent for too long`] : []),
  ];
}

async function tell(
  faults: readonly string[],
  witness: LibvirtWitness,
  heartbeat: Heartbeat,
  drover: DroverProcess,
): Promise<number> {
  const moves = witness.moves();
  for (const { vm, from, to, downtimeMs } of moves)
    process.stdout.write(`  ${vm}: ${from} → ${to}, dark ${downtimeMs} ms\n`);
  const { guest, ms } = heartbeat.longest;
  process.stdout.write(`${moves.length} migrations; the longest silence of any guest: ${ms} ms (${guest})\n`);
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
  if (faults.length > 0) {
    process.stderr.write(drover.said());
    for (const what of ['hosts', 'decisions']) process.stderr.write(`${what}: ${await drover.ask(what)}\n`);
  }
  process.stdout.write(`${faults.length === 0 ? 'passed' : 'failed'}\n`);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
