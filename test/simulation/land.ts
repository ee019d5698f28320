import type { Settings } from '../../src/config/settings.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { SimulatedDriver } from '../../src/drivers/simulated/simulated-driver.ts';
import type { Driver, DriverEvent, MigrationOrder } from '../../src/ports/driver.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { openJournalInMemory, type SqliteJournal } from '../../src/store/sqlite-journal.ts';
import type { Books } from '../../src/wiring/container.ts';
import { VirtualClock } from '../../src/wiring/virtual/virtual-clock.ts';
import { Board } from './faults/board.ts';
import type { Scenario } from './scenario.ts';
import { Sight } from './sight.ts';
import { type By, Witness } from './witness.ts';

/** A migration that is really going on, whatever anybody was told. */
export type UnderWay = MigrationOrder & { readonly by: By };

/** Bugs planted between the daemon and the land, so that checkers can show that they find them. */
export interface Sabotage {
  readonly settings?: (settings: Settings) => Settings;
  readonly driver?: (driver: Driver, land: Land) => Driver;
  readonly books?: (books: Books) => Books;
  readonly truth?: (truth: Inventory) => Inventory;
}

/** All that outlives the daemon: the datacenter, its driver, the journal on disk, and who watches. */
export interface Land {
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly datacenter: VirtualDatacenter;
  readonly driver: SimulatedDriver;
  readonly journal: SqliteJournal;
  readonly witness: Witness;
  readonly board: Board;
  readonly sight: Sight;
  readonly underWay: ReadonlyMap<string, UnderWay>;
  readonly sabotage: Sabotage;
  /** VMs that somebody has stopped: their disks stay where they are, and they run nowhere. */
  readonly stopped: Set<string>;
  /** What is told to whoever drives the datacenter, beyond what it tells by itself. */
  readonly news: Set<(event: DriverEvent) => void>;
  /** The datacenter as it really is. */
  truth(): Inventory;
}

export function makeLand(scenario: Scenario, sabotage: Sabotage = {}): Land {
  const { inventory, loads, startMs, seed, faults } = scenario;
  const clock = new VirtualClock(startMs);
  const datacenter = new VirtualDatacenter({ inventory, loads, startMs });
  const driver = new SimulatedDriver({ datacenter, clock });
  const witness = new Witness(startMs, () => clock.nowMs());
  const sight = new Sight(scenario.sharesClock, (vm) => datacenter.hostOf(vm));
  const underWay = new Map<string, UnderWay>();
  witness.listen((happening) => {
    if (happening.kind === 'fault') sight.touched(happening.subjects, clock.nowMs());
    else if (happening.kind === 'migration ordered')
      underWay.set(happening.order.id, { ...happening.order, by: happening.by });
    else if (happening.kind === 'migration ended') underWay.delete(happening.id);
  });
  driver.watch((event) => witness.note({ kind: 'world', event }));
  const board = new Board({ seed, faults, clock, witness });
  const journal = openJournalInMemory();
  const { truth: told = (inventory: Inventory) => inventory } = sabotage;
  const stopped = new Set<string>();
  const truth = () => told(whatRuns(datacenter.inventory(), stopped));
  return {
    scenario,
    clock,
    datacenter,
    driver,
    journal,
    witness,
    board,
    sight,
    underWay,
    sabotage,
    stopped,
    news: new Set(),
    truth,
  };
}

/** What is stopped is not to be seen, and nobody talks to it. */
export function whatRuns(inventory: Inventory, stopped: ReadonlySet<string>): Inventory {
  if (stopped.size === 0) return inventory;
  return {
    ...inventory,
    vms: inventory.vms.filter(({ id }) => !stopped.has(id)),
    flows: inventory.flows.filter(({ from, to }) => !stopped.has(from) && !stopped.has(to)),
  };
}
