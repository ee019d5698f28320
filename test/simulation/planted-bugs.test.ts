import { expect, test } from 'vitest';
import type { Settings } from '../../src/config/settings.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { MINUTE } from '../../src/domain/units.ts';
import type { Driver } from '../../src/ports/driver.ts';
import type { Books } from '../../src/wiring/container.ts';
import type { Fault } from './faults/kinds.ts';
import type { Land, Sabotage } from './land.ts';
import { runSeed } from './run-seed.ts';

const MOST_SEEDS = 25;

interface PlantedBug {
  readonly bug: string;
  /** The property that must be found violated. */
  readonly property: string;
  /** Anew for each run. */
  readonly plant: () => Sabotage;
  /** Faults without which it does not show. */
  readonly faults?: readonly Fault[];
  /** Where it shows soon. */
  readonly firstSeed?: number;
}

/** The driver tells the daemon of another datacenter than there is. */
const seeing = (change: (inventory: Inventory, land: Land) => Inventory): Pick<Sabotage, 'driver'> => ({
  driver: (driver, land) => overDriver(driver, { inventory: async () => change(await driver.inventory(), land) }),
});

const goingBy = (change: (settings: Settings) => Partial<Settings>): Pick<Sabotage, 'settings'> => ({
  settings: (settings) => ({ ...settings, ...change(settings) }),
});

/** Prototypes do not spread. */
const overDriver = (driver: Driver, own: Partial<Driver>): Driver => over(driver, own);
const overBooks = (books: Books, own: Partial<Books>): Books => over(books, own);

function over<T extends object>(whole: T, own: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      const value = Reflect.get(name in own ? own : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const BUGS: readonly PlantedBug[] = [
  {
    bug: 'a driver that leaves the guest running on its source',
    property: 'each VM is in one place',
    plant() {
      const left: { readonly vm: string; readonly from: string }[] = [];
      return {
        driver: (driver) =>
          overDriver(driver, {
            migrate: (order, progressed) => {
              const migration = driver.migrate(order, progressed);
              void migration.ended.then(({ state }) => state === 'done' && left.push(order));
              return migration;
            },
          }),
        truth: (truth) => ({
          ...truth,
          vms: truth.vms.flatMap((vm) => [
            vm,
            ...left.filter((each) => each.vm === vm.id).map(({ from }) => ({ ...vm, host: from })),
          ]),
        }),
      };
    },
  },
  {
    bug: 'a daemon that knows of no rules',
    property: 'no rule is broken by what Drover does',
    plant: () => seeing((inventory) => ({ ...inventory, rules: [] })),
  },
  {
    bug: 'an executor that ignores limits',
    property: 'limits hold at every instant',
    plant: () =>
      goingBy(({ limits }) => ({
        limits: { ...limits, migrationsPerSource: 9, migrationsPerTarget: 9, migrationsPerPair: 9 },
      })),
  },
  {
    bug: 'a daemon that does not see what runs on one host',
    property: 'nothing runs where Drover switches off',
    plant: () =>
      seeing((inventory) => ({
        ...inventory,
        vms: inventory.vms.filter(({ host }) => host !== inventory.hosts[0]!.id),
      })),
  },
  {
    bug: 'a journal that skips what is begun',
    property: 'every step has a decision and an outcome',
    plant: () => ({ books: (books) => overBooks(books, { beginStep: () => undefined, endStep: () => undefined }) }),
  },
  {
    bug: 'a driver that gives each order twice',
    property: 'no step is issued twice',
    plant: () => ({
      driver: (driver) =>
        overDriver(driver, {
          migrate: (order, progressed) => {
            driver.migrate(order, () => undefined);
            return driver.migrate(order, progressed);
          },
        }),
    }),
  },
  {
    bug: 'a journal that skips outcomes',
    property: 'the journal tells what is so',
    plant: () => ({ books: (books) => overBooks(books, { endStep: () => undefined }) }),
  },
  {
    bug: 'a daemon that needs nobody on',
    property: 'the reserve is kept',
    plant: () => ({
      ...goingBy(({ profile }) => ({ profile: { ...profile, leastHostsOn: 0, spareHosts: 0 } })),
      ...seeing((inventory) => ({ ...inventory, rules: inventory.rules.filter(({ kind }) => kind !== 'failover') })),
    }),
  },
  {
    bug: 'a daemon that believes for ever what it once saw',
    property: 'unknown hosts are left alone',
    plant: () => ({
      ...goingBy(({ observe }) => ({ observe: { ...observe, staleAfterIntervals: 1_000 } })),
      driver: (driver, { clock }) =>
        overDriver(driver, {
          sample: (intervalMs, ...rest) => {
            const stop = driver.sample(intervalMs, ...rest);
            clock.after(2 * MINUTE, stop);
            return stop;
          },
        }),
    }),
  },
  {
    bug: 'notes that forget drains',
    property: 'what persons were promised holds',
    faults: ['drained', 'killed'],
    plant: () => ({
      books: (books) => {
        const { notes } = books;
        const write: typeof notes.write = (topic, ...rest) => topic !== 'drains' && notes.write(topic, ...rest);
        return overBooks(books, { notes: { ...notes, write } });
      },
    }),
  },
  {
    bug: 'a daemon that takes every mode to be auto',
    property: 'Drover keeps to its mode',
    plant: () => goingBy(() => ({ mode: 'auto' })),
  },
  {
    bug: 'notes that forget who is suspect',
    property: 'suspect hosts are left alone',
    faults: ['switch-on-misreported', 'killed', 'ordered'],
    firstSeed: 17,
    plant: () => ({
      books: (books) => {
        const { notes } = books;
        const write: typeof notes.write = (topic, ...rest) => topic !== 'suspects' && notes.write(topic, ...rest);
        return overBooks(books, { notes: { ...notes, write } });
      },
    }),
  },
  {
    bug: 'a daemon that hears nothing of what gets on',
    property: 'what gets on is not given up',
    faults: ['clock-ahead'],
    plant: () => ({
      driver: (driver) => overDriver(driver, { migrate: (order) => driver.migrate(order, () => undefined) }),
    }),
  },
  {
    bug: 'a daemon that takes all hosts to be proven',
    property: 'only what comes back is switched off',
    plant: () => goingBy(({ hostPower }) => ({ hostPower: { ...hostPower, provenByDefault: true } })),
  },
  {
    bug: 'a reader that waits for ever',
    property: 'Drover keeps watch',
    plant: () => ({
      driver: (driver, { clock, scenario }) =>
        overDriver(driver, {
          inventory: () =>
            clock.nowMs() - scenario.startMs > 5 * MINUTE ? new Promise(() => undefined) : driver.inventory(),
        }),
    }),
  },
  {
    bug: 'a cycle that throws',
    property: 'no error is a bug',
    plant: () => ({
      books: (books) =>
        overBooks(books, {
          recordPlan: () => {
            throw new TypeError('undefined is not a function');
          },
        }),
    }),
  },
  {
    bug: 'a driver that takes turns in which host is under maintenance',
    property: 'all comes to rest after the faults',
    plant: () =>
      seeing((inventory, { clock }) => ({
        ...inventory,
        hosts: inventory.hosts.map((host, i) => ({
          ...host,
          maintenance: i === Math.floor(clock.nowMs() / (10 * MINUTE)) % 2,
        })),
      })),
  },
];

test.each(BUGS)(
  '$bug: it is found that not always $property',
  async ({ property, plant, faults = [], firstSeed = 1 }) => {
    const found = new Set<string>();
    for (let n = 0; n < MOST_SEEDS && !found.has(property); n++) {
      const { violations } = await runSeed(firstSeed + n, { only: faults, sabotage: plant() });
      for (const violation of violations) found.add(violation.property);
    }
    expect([...found]).toContain(property);
  },
);

test('without bug and fault nothing is found', async () => {
  for (const seed of [1, 2, 3]) expect((await runSeed(seed, { only: [] })).violations).toEqual([]);
});
