/**
 * What can only be measured on real hosts: `node test/real/libvirt/measure.ts FOLDER_OF_THE_LAB`. What watching 4 hosts
 * with 4 guests each once a second costs the processor, and how well migrations are foretold after twenty of them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../src/domain/units.ts';
import type { Interning } from '../../../src/ports/samples.ts';
import { DroverProcess } from './drover-process.ts';
import { LAB_BMC_ENV, Lab, labHost, labHostSettings, openLabDriver } from './lab.ts';
import { LibvirtWitness } from './witness.ts';

const HOSTS = Array.from({ length: 4 }, (_, index) => `h${index + 1}`);
const GUESTS_PER_HOST = 4;
const WATCHED_SECONDS = 20;
const MOST_SHARE = 0.02;
const LESSONS = 20;
const EXAMINED = 12;
/** Two migrations at a time, each between two hosts of its own. */
const PAIRS = [
  ['h1', 'h2'],
  ['h3', 'h4'],
] as const;
const MOST_ERROR = 0.25;
const MANY_HOSTS = 1_000;
/** Guests of several sizes that write at several rates, so that no single figure foretells them all. */
const KINDS = [
  ['96', 'cpu=1,ws=8,dirty=1'],
  ['128', 'cpu=1,ws=16,dirty=4'],
  ['160', 'cpu=1,ws=24,dirty=8'],
  ['112', 'cpu=2'],
] as const;

const config = {
  cluster: 'lab',
  mode: 'recommend',
  observe: { sampleSeconds: 1, cycleSeconds: 3, fastWindowSeconds: 10, slowWindowSeconds: 30 },
  driver: {
    kind: 'libvirt',
    dirtyRateSeconds: 10,
    migration: { mostMibPerS: 40 },
    hosts: HOSTS.map((id) => ({ ...labHostSettings(id), reservedMemoryGib: 0.5 })),
  },
};

async function main(): Promise<number> {
  const lab = new Lab(Lab.folderOf(process.argv.slice(2)));
  try {
    await lab.up(HOSTS.length);
    const guests = await startGuests(lab);
    const faults = [...(await watchingCost()), ...(await foretelling(guests))];
    for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
    process.stdout.write(`${faults.length === 0 ? 'passed' : 'failed'}\n`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await lab.down();
  }
}

async function startGuests(lab: Lab): Promise<string[]> {
  const guests: string[] = [];
  for (const host of HOSTS) {
    for (const [index, [mebibytes, load]] of KINDS.slice(0, GUESTS_PER_HOST).entries()) {
      const name = `vm-${host}-${index + 1}`;
      await lab.do('vm', host, name, mebibytes, load);
      guests.push(name);
    }
  }
  for (const guest of guests) await lab.awake(guest);
  return guests;
}

/** Processor time of this process, which does nothing else meanwhile. */
async function watchingCost(): Promise<string[]> {
  const driver = openLabDriver(HOSTS.map((_, index) => labHost(index + 1)));
  const numbers = new Map<string, number>();
  const number = (id: string) => numbers.get(id) ?? numbers.set(id, numbers.size).size - 1;
  const interning: Interning = { host: number, vm: number };
  let samples = 0;
  let failures = 0;
  try {
    await driver.inventory();
    const stop = driver.sample(
      SECOND,
      interning,
      (batch) => {
        samples += batch.length;
      },
      () => {
        failures += 1;
      },
    );
    await sleep(5 * SECOND);
    samples = 0;
    const before = process.cpuUsage();
    await sleep(WATCHED_SECONDS * SECOND);
    const { user, system } = process.cpuUsage(before);
    stop();
    const share = (user + system) / 1e6 / WATCHED_SECONDS;
    const scaled = (share * MANY_HOSTS) / HOSTS.length;
    process.stdout.write(
      `watching ${HOSTS.length} × ${GUESTS_PER_HOST} every second: ${(share * 100).toFixed(2)} % of a core, ${Math.round(samples / WATCHED_SECONDS)} samples/s\n` +
        `so ${MANY_HOSTS} such hosts would take ${(scaled * 100).toFixed(0)} % of a core every second, ${((scaled * 100) / 15).toFixed(0)} % every 15 s\n`,
    );
    return [
      ...(share > MOST_SHARE ? [`watching costs ${(share * 100).toFixed(2)} % of a core`] : []),
      ...(samples === 0 || failures > 0 ? [`${samples} samples, ${failures} failures`] : []),
    ];
  } finally {
    await driver.close();
  }
}

interface Migrated {
  readonly predictedSeconds: number;
  readonly seconds: number;
}

/** One guest after the other is moved by order of a person; what was foretold is held against what libvirt measured. */
async function foretelling(guests: readonly string[]): Promise<string[]> {
  const witness = await LibvirtWitness.open(HOSTS.length);
  const drover = await DroverProcess.start(config, { [LAB_BMC_ENV]: 'lab' });
  try {
    const migrated: Migrated[] = [];
    await sleep(15 * SECOND);
    for (let turn = 0; migrated.length < LESSONS + EXAMINED; turn++) {
      const places = await witness.places();
      const pairs = [PAIRS[0], PAIRS[1]].map(async ([one, other], pair) => {
        const guest = guests[(2 * pair + (turn % 2)) * GUESTS_PER_HOST + (Math.floor(turn / 2) % GUESTS_PER_HOST)]!;
        return ordered(drover, guest, places.get(guest)?.[0] === one ? other : one);
      });
      migrated.push(...(await Promise.all(pairs)));
    }
    const [lessons, examined] = [migrated.slice(0, LESSONS), migrated.slice(LESSONS)];
    const last = medianError(examined);
    process.stdout.write(
      `seconds of a migration foretold: off by ${percent(medianError(lessons.slice(0, 5)))} in the median of the first 5, by ${percent(last)} in that of ${examined.length} after ${lessons.length}\n`,
    );
    return last <= MOST_ERROR ? [] : [`migrations are foretold with an error of ${percent(last)} in the median`];
  } finally {
    await drover.stop();
    witness.close();
  }
}

async function ordered(drover: DroverProcess, vm: string, to: string): Promise<Migrated> {
  await drover.migrate(vm, to);
  for (let look = 0; look < 300; look++) {
    await sleep(SECOND / 4);
    const { items } = JSON.parse(await drover.ask('steps?limit=50')) as { items: readonly StepSeen[] };
    const done = items.find(({ step: { change }, state }) => change.vm === vm && change.to === to && state === 'done');
    if (done?.measured === undefined || seen.has(done.step.id)) continue;
    seen.add(done.step.id);
    const predictedSeconds = done.step.migration.seconds;
    process.stdout.write(`  foretold ${predictedSeconds.toFixed(2)} s, took ${done.measured.seconds.toFixed(2)} s\n`);
    return { predictedSeconds, seconds: done.measured.seconds };
  }
  throw new Error(`${vm} does not get to ${to}: ${drover.said().slice(-2000)}`);
}

const seen = new Set<string>();

interface StepSeen {
  readonly step: {
    readonly id: string;
    readonly change: { readonly vm?: string; readonly to: string };
    readonly migration: { readonly seconds: number };
  };
  readonly state: string;
  readonly measured?: { readonly seconds: number };
}

function medianError(migrated: readonly Migrated[]): number {
  const errors = migrated.map(({ predictedSeconds, seconds }) => Math.abs(predictedSeconds - seconds) / seconds);
  return errors.sort((a, b) => a - b)[Math.floor(errors.length / 2)]!;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

process.exitCode = await main();
