import { describe, expect, test } from 'vitest';
import { Executor } from '../../src/act/executor.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GIB, HOUR, MINUTE } from '../../src/domain/units.ts';
import { SimulatedDriver } from '../../src/drivers/simulated/simulated-driver.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { steadyLoads } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';
import { MemoryJournal } from '../kit/memory-journal.ts';
import { eachAccepted, move, theVerdicts } from '../kit/verdicts.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Full hosts h1 … with a VM each that is to go to the next; carried out in the virtual datacenter. */
async function turned(hosts: number, quick: readonly string[]) {
  const inventory = anInventory({
    hosts: many(hosts, (n) => aHost({ id: `h${n}`, capacity: { memoryBytes: 8 * GIB } })),
    vms: many(hosts, (n) =>
      aVm({ id: `vm${n}`, host: `h${n}`, demand: { memoryBytes: 8 * GIB }, quickAllowed: quick.includes(`vm${n}`) }),
    ),
  });
  const clock = new VirtualClock(NOON_MS);
  const datacenter = new VirtualDatacenter({ inventory, loads: steadyLoads(inventory.vms), startMs: NOON_MS });
  const driver = new SimulatedDriver({ datacenter, clock });
  const journal = new MemoryJournal();
  const executor = new Executor({ driver, journal, clock, limits: DEFAULT_LIMITS, log: SILENT });
  const snapshot = toSnapshot(await driver.inventory());
  const decisions = eachAccepted(many(hosts, (n) => move(`vm${n}`, `h${n}`, `h${(n % hosts) + 1}`)));
  const verdicts = theVerdicts(decisions);
  const { mayQuick } = executor;
  const plan = makePlan({ snapshot, verdicts, limits: DEFAULT_LIMITS, atMs: NOON_MS, mayQuick });
  executor.adopt(plan, snapshot);
  return { clock, datacenter, executor, journal, plan };
}

describe('carrying out what only quick migrations make possible', () => {
  test.each([
    ['two full hosts swap', 2, ['vm2']],
    ['a ring of five full hosts turns', 5, ['vm4']],
  ])('%s without another host', async (_, hosts, quick) => {
    const { clock, datacenter, journal, plan } = await turned(hosts, quick);
    expect(plan.impossible).toEqual([]);
    await clock.advance(HOUR);
    expect(many(hosts, (n) => datacenter.hostOf(`vm${n}`))).toEqual(many(hosts, (n) => `h${(n % hosts) + 1}`));
    expect(journal.recorded.map(({ outcome }) => outcome?.state)).toEqual(plan.steps.map(() => 'done'));
  });

  test('takes as long as was planned', async () => {
    const { clock, datacenter, plan } = await turned(2, ['vm2']);
    await clock.advance(plan.makespanMs * 0.9);
    expect(datacenter.inventory().flights).not.toEqual([]);
    await clock.advance(plan.makespanMs * 0.2);
    expect(datacenter.inventory().flights).toEqual([]);
  });

  test('is refused where no guest may be saved', async () => {
    const { plan } = await turned(2, []);
    expect(plan.steps).toEqual([]);
    expect(plan.impossible[0]?.because).toMatch(/no third host has room and permission/);
  });

  test('a guest that was saved comes back when nobody makes room for it', async () => {
    const { clock, datacenter, executor, plan } = await turned(2, ['vm2']);
    executor.cancel(plan.steps[1]!.id);
    await clock.advance(10 * MINUTE);
    expect(many(2, (n) => datacenter.hostOf(`vm${n}`))).toEqual(['h1', 'h2']);
    expect(datacenter.measure().vms.cpuMhz[1]).toBeGreaterThan(0);
  });
});
