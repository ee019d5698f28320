import { afterEach, describe, expect, test } from 'vitest';
import { PROCEDURE } from '../../../src/drivers/libvirt/procedures.ts';
import { AcceleratedClock } from '../../../src/wiring/clocks.ts';
import { openLabDriver } from '../../real/libvirt/lab.ts';
import { FakeLibvirtd } from './fake-libvirtd.ts';

const uuidOf = (number: number): string => `1ab00000-0000-4000-9000-${String(number).padStart(12, '0')}`;
const guest = (name: string, number: number) => ({ name, uuid: uuidOf(number), number });

/** Hosts that are lost are asked again soon. */
const HURRY = 20;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Two hosts with a guest each, watched by the driver as the daemon would have it. */
async function watched(prepare: (daemons: readonly [FakeLibvirtd, FakeLibvirtd]) => void = () => {}) {
  const daemons = [await FakeLibvirtd.open(1), await FakeLibvirtd.open(2)] as const;
  for (const daemon of daemons) ends.push(() => daemon.close());
  daemons[0].guests = [guest('web', 1)];
  daemons[1].guests = [guest('db', 2)];
  prepare(daemons);
  const driver = openLabDriver(
    daemons.map(({ host }) => host),
    {},
    undefined,
    new AcceleratedClock(HURRY, Date.now()),
  );
  ends.push(() => driver.close());
  const places = async () => (await driver.inventory()).vms.map(({ id, host }) => `${id} on ${host}`);
  return { driver, daemons, places };
}

type Watched = Awaited<ReturnType<typeof watched>>;

/** Hosts that are sampled, and what is said of those that are not. */
async function sampled({ driver }: Watched): Promise<{ hosts: number; failures: string[] }> {
  const hosts = new Set<number>();
  const failures: string[] = [];
  const { promise: both, resolve } = Promise.withResolvers<void>();
  const told = () => hosts.size + failures.length >= 2 && resolve();
  const number = (id: string) => Number(id.slice(1));
  const stop = driver.sample(
    10,
    { host: number, vm: () => 0 },
    ({ kind, entity }) => {
      if (kind === 'host') for (const one of entity) hosts.add(one);
      told();
    },
    (because) => {
      failures.push(because);
      told();
    },
  );
  await both;
  stop();
  return { hosts: hosts.size, failures: [...new Set(failures)] };
}

describe('one host that is not as it should be does not stand in the way of the others', () => {
  test('it does not list its guests: they stay where they were, nothing is measured, and it is told with a remedy', async () => {
    const all = await watched();
    await all.driver.inventory();
    const [web, db] = all.daemons;
    db.refusals.set(PROCEDURE.allDomainStats, 'internal error: the monitor is stuck');
    web.guests = [guest('web', 1), guest('new', 3)];
    expect(await all.places()).toEqual(['web on h1', 'new on h1', 'db on h2']);
    expect(all.driver.troubles).toEqual([
      'h2 does not tell what runs there (internal error: the monitor is stuck): see the log of its libvirt.',
    ]);
    db.refusals.clear();
    await all.driver.inventory();
    expect(all.driver.troubles).toEqual([]);
  });

  test('two of the configuration lead to one and the same: its guests run once, and the second is not relied on', async () => {
    const all = await watched(([web, db]) => {
      db.uuid = web.uuid;
      db.guests = web.guests;
    });
    expect(await all.places()).toEqual(['web on h1']);
    expect(all.driver.troubles).toEqual([
      expect.stringMatching(/^h2 says that it is the host .*, as h1 does: correct/),
    ]);
    expect((await sampled(all)).failures).toEqual([expect.stringContaining('h2: says that it is the host')]);
    expect(await all.driver.switchOff('h2')).toEqual({
      state: 'failed',
      because: expect.stringContaining('as h1 does'),
    });
  });

  test('another machine answers than before: it is not relied on until it is the old one again', async () => {
    const all = await watched();
    await all.driver.inventory();
    const [, db] = all.daemons;
    const before = db.uuid;
    const comesBackAs = async (uuid: string) => {
      db.uuid = uuid;
      const { promise, resolve } = Promise.withResolvers<void>();
      const stop = all.driver.watch(({ kind }) => kind === 'inventory-changed' && resolve());
      db.hangUp();
      await promise;
      stop();
      await all.driver.inventory();
    };
    await comesBackAs(uuidOf(99));
    expect(all.driver.troubles).toEqual([
      expect.stringMatching(/^h2 is another machine than before .*correct its uri/),
    ]);
    await comesBackAs(before);
    expect(all.driver.troubles).toEqual([]);
  });

  test('it is out of reach: that is told, with why, until it is there again', async () => {
    const { driver, daemons } = await watched();
    await driver.inventory();
    expect(driver.troubles).toEqual([]);
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    driver.watch(({ kind }) => kind === 'lost' && resolve());
    daemons[1].isDeaf = true;
    daemons[1].hangUp();
    await lost;
    for (let look = 0; look < 3; look++) {
      await driver.inventory();
      expect(driver.troubles).toEqual([expect.stringMatching(/^h2 cannot be reached \(.+\): nothing is done with it/)]);
    }
    daemons[1].isDeaf = false;
    await expect.poll(async () => (await driver.inventory()) && driver.troubles).toEqual([]);
  });

  test('it answers and refuses what it is asked: it is asked again, and no connection is left behind', async () => {
    const { driver, daemons } = await watched(([, db]) => db.refusals.set(PROCEDURE.listPools, 'access denied'));
    const { hosts } = await driver.inventory();
    expect(hosts.map(({ id }) => id)).toEqual(['h1']);
    await expect.poll(() => daemons[1].sockets.size).toBe(0);
  });
});

test.each(['web 1', '🐑 <b> & "c"', "o'neill", '$(reboot)', '__proto__', 'constructor', 'a%2Fb'])(
  'a guest may be called %s',
  async (name) => {
    const { places } = await watched(([web]) => {
      web.guests = [guest(name, 1), guest(name, 3)];
    });
    expect(await places()).toEqual([`${name} on h1`, `${name}.1ab00000 on h1`, 'db on h2']);
  },
);
