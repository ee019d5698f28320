import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inventory } from '../../../src/domain/inventory.ts';
import { Client } from '../../../src/serve/client.ts';
import { type SeededRandom, seededRandom } from '../../../src/simulator/random.ts';
import { Judge } from './judge.ts';
import { Person } from './person.ts';
import { drainedVms, Process, pause, writeConfig } from './processes.ts';

const DATACENTER = ['--hosts', '8', '--vms', '40', '--racks', '2', '--day', '60'];
/** From when it answers, and in one life out of so many from its first instant. */
const LONGEST_LIFE_MS = 900;
const LONGEST_BIRTH_MS = 800;
const EARLY_SHARE = 0.25;
const BETWEEN_ORDERS_MS = 60;
const ENDS_WITHIN_MS = 240_000;
const URL_PRINTED = /Watch it: +(\S+)/;

export interface Tally {
  passed: number;
  failed: number;
  readonly sentences: string[];
  duringMigrations: number;
  duringSwitches: number;
  duringDrains: number;
  orders: number;
  acknowledged: number;
}

export const emptyTally = (): Tally => ({
  passed: 0,
  failed: 0,
  sentences: [],
  duringMigrations: 0,
  duringSwitches: 0,
  duringDrains: 0,
  orders: 0,
  acknowledged: 0,
});

/** One datacenter, and the daemons that die there one after the other. */
export class Lane {
  readonly #folder = mkdtempSync(join(tmpdir(), 'drover-crash-'));
  readonly #socket = join(this.#folder, 'dc.sock');
  readonly #config: string;
  readonly #random: SeededRandom;
  readonly #datacenter: Process;
  readonly #tally: Tally;

  constructor(seed: number, speed: number, areProven: boolean, tally: Tally) {
    this.#config = writeConfig(this.#folder, this.#socket, areProven);
    this.#random = seededRandom(seed);
    this.#tally = tally;
    const pace = ['--seed', String(seed), '--speed', String(speed)];
    this.#datacenter = new Process('datacenter', '--socket', this.#socket, ...DATACENTER, ...pace);
  }

  async run(kills: number): Promise<void> {
    try {
      await this.#datacenter.printed(/(can be driven)/);
      const judge = await Judge.at(this.#socket);
      const { hosts, vms } = await judge.look();
      const movable = vms.filter(({ migratable }) => migratable).map(({ id }) => id);
      const person = new Person(
        this.#random,
        hosts.map(({ id }) => id),
        movable,
      );
      for (let kill = 0; kill < kills; kill++) await this.#liveAndDie(judge, person);
      await this.#endWell(judge, person);
      this.#tally.orders += judge.orders;
      this.#tally.acknowledged += person.acknowledged;
      judge.close();
    } finally {
      await this.#datacenter.kill('SIGTERM');
      rmSync(this.#folder, { recursive: true });
    }
  }

  async #liveAndDie(judge: Judge, person: Person): Promise<void> {
    const daemon = new Process('run', '--config', this.#config);
    if (this.#random.next() < EARLY_SHARE) await pause(this.#random.next() * LONGEST_BIRTH_MS);
    else await this.#live(daemon, person, this.#random.next() * LONGEST_LIFE_MS);
    await daemon.kill('SIGKILL');
    this.#note(await judge.look(), person);
    this.#count(await judge.faults());
  }

  /** Orders go on until the very end: some of them will never be answered. */
  async #live(daemon: Process, person: Person, forMs: number): Promise<void> {
    const url = await daemon.printed(URL_PRINTED);
    if (url === undefined) throw new Error(`the daemon did not come up: ${daemon.said}`);
    const client = new Client(url);
    let isOver = false;
    const acting = (async () => {
      for (; !isOver; await pause(this.#random.next() * BETWEEN_ORDERS_MS)) await person.act(client);
    })();
    await Promise.race([pause(forMs), acting]);
    isOver = true;
    // What is being asked at this moment is cut off by the kill, or answered just before it.
    void daemon.kill('SIGKILL');
    await acting;
  }

  #note({ hosts, vms, flights }: Inventory, person: Person): void {
    const isDraining = (host: string) => vms.some((vm) => vm.host === host && vm.migratable);
    this.#tally.duringMigrations += Number(flights.length > 0);
    this.#tally.duringSwitches += Number(hosts.some(({ power }) => power === 'booting' || power === 'shutting-down'));
    this.#tally.duringDrains += Number(person.drained.some(isDraining));
  }

  #count(faults: readonly string[]): void {
    if (faults.length === 0) this.#tally.passed += 1;
    else this.#tally.failed += 1;
    this.#tally.sentences.push(...faults);
  }

  /** After the last crash, everything that was promised comes about. */
  async #endWell(judge: Judge, person: Person): Promise<void> {
    const daemon = new Process('run', '--config', this.#config);
    const client = new Client((await daemon.printed(URL_PRINTED))!);
    let open: string[] = ['nothing was looked at yet'];
    for (const untilMs = Date.now() + ENDS_WITHIN_MS; Date.now() < untilMs && open.length > 0; await pause(200))
      open = await this.#open(client, await judge.look(), person).catch((error: Error) => [error.message]);
    this.#count(open);
    this.#count([...(await judge.faults()), ...(await judge.refusals())]);
    await daemon.kill('SIGTERM');
  }

  async #open(client: Client, inventory: Inventory, person: Person): Promise<string[]> {
    const drained = drainedVms(this.#folder).map((vm) => `${vm} is still drained at the load balancer`);
    return [...(await unfinished(client, inventory, person)), ...drained];
  }
}

/** What was promised and has not come about. */
async function unfinished(client: Client, { vms }: Inventory, person: Person): Promise<string[]> {
  const { drains, trials, suspects, switches, moves } = await client.orders();
  const listed = drains.map(({ host }) => host);
  const still = (host: string) => vms.filter((vm) => vm.host === host && vm.migratable).map(({ id }) => id);
  return [
    ...person.drained.filter((host) => !listed.includes(host)).map((host) => `the drain of ${host} is forgotten`),
    ...listed.filter((host) => person.isPromisedNot(host)).map((host) => `${host} is drained and nobody wants it`),
    ...listed.flatMap((host) => still(host).map((vm) => `${vm} is still on ${host}, which is being drained`)),
    ...trials.map(({ host, stage }) => `the trial of ${host} is not over: ${stage}`),
    ...moves.map(({ vm, to }) => `${vm} is not on ${to} yet`),
    ...switches.map(({ host, to }) => `${host} is not ${to} yet`),
    ...suspects.map(({ host, because }) => `${host} is suspect although it always obeys: ${because}`),
  ];
}
