import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver, DriverEvent, MigrationOrder, MigrationState } from '../../src/ports/driver.ts';
import { type Interning, METRICS, type SampleBatch } from '../../src/ports/samples.ts';

/** A small datacenter behind the driver, fresh for each test. Host and VM names are what the roles below say. */
export interface Stage {
  readonly driver: Driver;
  /** Lets datacenter time pass. */
  pass(ms: number): Promise<void>;
  /** Can be migrated from its host to the other, and takes more than two of `pace` to copy. */
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  /** Has nothing on it, is on, and may be switched; absent where power is not this driver's business. */
  readonly idleHost?: string;
  /** How much datacenter time to let pass between two looks. */
  readonly paceMs: number;
  dispose?(): Promise<void>;
}

/** So many paces until something that must happen counts as not happening. */
const MOST_PACES = 1_000;

/** What every driver must keep, whatever its datacenter is made of. */
export function describeDriver(name: string, makeStage: () => Promise<Stage>): void {
  describe(`the ${name} driver`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await makeStage();
    });
    afterEach(async () => {
      await stage.driver.close();
      await stage.dispose?.();
    });
    describe('inventory', () => inventoryTests(() => stage));
    describe('samples', () => sampleTests(() => stage));
    describe('migrations', () => migrationTests(() => stage));
    describe('migrations that do not come about', () => refusedMigrationTests(() => stage));
    describe('power', () => powerTests(() => stage));
    describe('closing', () => closingTests(() => stage));
  });
}

function inventoryTests(stage: () => Stage): void {
  test('names each host and VM once, and each VM is on one of the hosts', async () => {
    const { hosts, vms } = await stage().driver.inventory();
    const hostIds = new Set(hosts.map((host) => host.id));
    expect(hostIds.size).toBe(hosts.length);
    expect(new Set(vms.map((vm) => vm.id)).size).toBe(vms.length);
    expect(vms.filter((vm) => !hostIds.has(vm.host))).toEqual([]);
    expect(vms.find((vm) => vm.id === stage().vm)?.host).toBe(stage().from);
  });
}

function sampleTests(stage: () => Stage): void {
  test('come for hosts and VMs, finite, with their interned numbers, until stopped', async () => {
    const { driver, pass, paceMs } = stage();
    const interning = numbering();
    const batches: SampleBatch[] = [];
    const failures: string[] = [];
    const batchesOf = (kind: string) => batches.filter((batch) => batch.kind === kind && batch.length > 0).length;
    const stop = driver.sample(
      paceMs,
      interning,
      (batch) => batches.push(batch),
      (because) => failures.push(because),
    );
    await until(stage(), () => batchesOf('host') >= 2 && batchesOf('vm') >= 2);
    stop();
    expect(failures).toEqual([]);
    for (const batch of batches) expect(faultsOf(batch, interning.known[batch.kind])).toEqual([]);
    const count = batches.length;
    await pass(3 * paceMs);
    expect(batches.length).toBe(count);
  });
}

function migrationTests(stage: () => Stage): void {
  test('bring the VM to its target, tell of it once, and go through their states in order', async () => {
    const { driver, vm, from, to } = stage();
    const events: DriverEvent[] = [];
    driver.watch((event) => events.push(event));
    const { end, states, copied } = await carriedOut(stage(), orderOf(stage()));
    expect(end).toMatchObject({ state: 'done' });
    expect(await hostOf(driver, vm)).toBe(to);
    const moves = events.filter((event) => event.kind === 'vm-moved');
    expect(moves).toEqual([expect.objectContaining({ vm, from, to })]);
    expect(states).toEqual(ORDER_OF_STATES.filter((state) => states.includes(state)));
    expect(states).toContain('copying');
    expect(copied).toEqual(copied.toSorted((a, b) => a - b));
  });

  test('may be quick: the guest is stopped meanwhile', async ({ skip }) => {
    if (stage().driver.abilities?.quick === false) return skip('it has no quick ones');
    const { end } = await carriedOut(stage(), { ...orderOf(stage()), how: 'quick' });
    expect(end.state).toBe('done');
    expect(await hostOf(stage().driver, stage().vm)).toBe(stage().to);
  });

  test('are flights while they are under way, and no longer', async () => {
    const { driver, vm, from, to } = stage();
    const { ended } = await copying(stage());
    expect((await driver.inventory()).flights).toEqual([{ vm, from, to }]);
    await kept(stage(), ended);
    expect((await driver.inventory()).flights).toEqual([]);
  });

  test('are carried out once when ordered twice', async () => {
    const { driver } = stage();
    const order = orderOf(stage());
    const first = driver.migrate(order, () => {});
    const second = driver.migrate(order, () => {});
    const end = await kept(stage(), first.ended);
    expect(end.state).toBe('done');
    expect(await kept(stage(), second.ended)).toEqual(end);
    expect(await kept(stage(), driver.migrate(order, () => {}).ended)).toEqual(end);
  });

  test('can be cancelled while copying, and then nothing has moved', async () => {
    const { driver, vm, from } = stage();
    const events: DriverEvent[] = [];
    driver.watch((event) => events.push(event));
    const migration = await copying(stage());
    expect(migration.cancel()).toBe(true);
    expect(await kept(stage(), migration.ended)).toEqual({ state: 'cancelled' });
    expect(await hostOf(driver, vm)).toBe(from);
    expect(events.filter((event) => event.kind === 'vm-moved')).toEqual([]);
  });

  test('cannot be cancelled once they have ended', async () => {
    const migration = stage().driver.migrate(orderOf(stage()), () => {});
    await kept(stage(), migration.ended);
    expect(migration.cancel()).toBe(false);
  });
}

function refusedMigrationTests(stage: () => Stage): void {
  test.each([
    ['of an unknown VM', { vm: 'no such vm' }],
    ['from a host where the VM is not', { from: 'no such host' }],
    ['to an unknown host', { to: 'no such host' }],
  ])('%s fail with a reason', async (_, parts) => {
    const { driver, vm, from } = stage();
    const end = await kept(stage(), driver.migrate({ ...orderOf(stage()), ...parts }, () => {}).ended);
    expect(end).toEqual({ state: 'failed', because: expect.stringMatching(/\w+ \w+/) });
    expect(await hostOf(driver, vm)).toBe(from);
  });

  test('of a VM that is being migrated fail with a reason and do the first no harm', async () => {
    const { driver } = stage();
    const first = await copying(stage());
    const second = driver.migrate({ ...orderOf(stage()), id: 'another' }, () => {});
    expect((await kept(stage(), second.ended)).state).toBe('failed');
    expect((await kept(stage(), first.ended)).state).toBe('done');
  });
}

function powerTests(stage: () => Stage): void {
  test('an idle host goes off and comes back, and each promise is kept no earlier than that', async ({ skip }) => {
    const { driver, idleHost } = stage();
    if (idleHost === undefined) return skip('power is not its business');
    const seen: string[] = [];
    driver.watch((event) => event.kind === 'host-power' && event.host === idleHost && seen.push(event.power));
    expect(await kept(stage(), driver.switchOff(idleHost))).toEqual({ state: 'done' });
    expect(await powerOf(driver, idleHost)).toBe('off');
    expect(await kept(stage(), driver.switchOn(idleHost))).toEqual({ state: 'done' });
    expect(await powerOf(driver, idleHost)).toBe('on');
    expect(seen.filter((power) => power === 'on' || power === 'off')).toEqual(['off', 'on']);
  });

  test('a host with VMs on it is not switched off, and the reason is told', async ({ skip }) => {
    const { driver, from, idleHost } = stage();
    if (idleHost === undefined) return skip('power is not its business');
    const end = await kept(stage(), driver.switchOff(from));
    expect(end).toEqual({ state: 'failed', because: expect.stringMatching(/\w+ \w+/) });
    expect(await powerOf(driver, from)).toBe('on');
  });

  test('switching to what a host is already is done at once', async ({ skip }) => {
    const { driver, from, idleHost } = stage();
    if (idleHost === undefined) return skip('power is not its business');
    expect(await kept(stage(), driver.switchOn(from))).toEqual({ state: 'done' });
  });

  test('an unknown host is a failure with a reason', async ({ skip }) => {
    const { driver, idleHost } = stage();
    if (idleHost === undefined) return skip('power is not its business');
    expect((await kept(stage(), driver.switchOn('no such host'))).state).toBe('failed');
    expect((await kept(stage(), driver.switchOff('no such host'))).state).toBe('failed');
  });
}

function closingTests(stage: () => Stage): void {
  test('ends all promises and samples, may be done twice, and commands fail after it', async () => {
    const { driver, pass, paceMs } = stage();
    let batches = 0;
    driver.sample(
      paceMs,
      numbering(),
      () => {
        batches += 1;
      },
      () => {},
    );
    const migration = await copying(stage());
    await driver.close();
    await driver.close();
    expect((await kept(stage(), migration.ended)).state).toBe('failed');
    const count = batches;
    await pass(3 * paceMs);
    expect(batches).toBe(count);
    const late = driver.migrate({ ...orderOf(stage()), id: 'late' }, () => {});
    expect((await kept(stage(), late.ended)).state).toBe('failed');
  });

  test('a listener that has stopped hears no more', async () => {
    const events: DriverEvent[] = [];
    const stop = stage().driver.watch((event) => events.push(event));
    stop();
    await carriedOut(stage(), orderOf(stage()));
    expect(events).toEqual([]);
  });
}

const ORDER_OF_STATES: readonly MigrationState[] = ['preparing', 'copying', 'switching', 'finishing'];

const orderOf = ({ vm, from, to }: Stage): MigrationOrder => ({ id: 'step 1', vm, from, to, how: 'live' });

async function carriedOut(stage: Stage, order: MigrationOrder) {
  const states: MigrationState[] = [];
  const copied: number[] = [];
  const migration = stage.driver.migrate(order, (state, progress) => {
    if (states.at(-1) !== state) states.push(state);
    copied.push(progress.copiedBytes);
  });
  return { end: await kept(stage, migration.ended), states, copied };
}

/** A migration that has begun to copy. */
async function copying(stage: Stage) {
  let isCopying = false;
  const migration = stage.driver.migrate(orderOf(stage), (state) => {
    isCopying ||= state === 'copying';
  });
  await until(stage, () => isCopying);
  return migration;
}

async function kept<T>(stage: Stage, promise: Promise<T>): Promise<T> {
  let isKept = false;
  promise.finally(() => {
    isKept = true;
  });
  await until(stage, () => isKept);
  return promise;
}

async function until({ pass, paceMs }: Stage, isSo: () => boolean): Promise<void> {
  for (let pace = 0; pace < MOST_PACES; pace++) {
    if (isSo()) return;
    await pass(paceMs);
  }
  throw new Error(`has not happened within ${MOST_PACES} × ${paceMs} ms`);
}

async function hostOf(driver: Driver, vm: string): Promise<string | undefined> {
  return (await driver.inventory()).vms.find((row) => row.id === vm)?.host;
}

async function powerOf(driver: Driver, host: string): Promise<string | undefined> {
  return (await driver.inventory()).hosts.find((row) => row.id === host)?.power;
}

function numbering(): Interning & { readonly known: { host: Map<string, number>; vm: Map<string, number> } } {
  const known = { host: new Map<string, number>(), vm: new Map<string, number>() };
  const intern = (kind: 'host' | 'vm', id: string) => {
    const number = known[kind].get(id) ?? known[kind].size;
    known[kind].set(id, number);
    return number;
  };
  return { known, host: (id) => intern('host', id), vm: (id) => intern('vm', id) };
}

function faultsOf(batch: SampleBatch, known: ReadonlyMap<string, number>): string[] {
  const faults: string[] = [];
  for (let row = 0; row < batch.length; row++) {
    if (batch.entity[row]! >= known.size) faults.push(`row ${row} is of an entity that was not interned`);
    if (METRICS[batch.metric[row]!] === undefined) faults.push(`row ${row} is of no metric`);
    if (!(batch.value[row]! >= 0 && batch.value[row]! < Infinity)) faults.push(`row ${row} has ${batch.value[row]}`);
    if (!Number.isFinite(batch.atMs[row])) faults.push(`row ${row} has no time`);
  }
  return faults;
}
