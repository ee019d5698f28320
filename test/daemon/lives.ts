import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import type { Settings } from '../../src/config/settings.ts';
import { Daemon } from '../../src/daemon/daemon.ts';
import type { Operator } from '../../src/daemon/operator.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { SECOND } from '../../src/domain/units.ts';
import { SimulatedDriver } from '../../src/drivers/simulated/simulated-driver.ts';
import { loadPolicies } from '../../src/loading/load-policies.ts';
import type { Clock, Stop } from '../../src/ports/clock.ts';
import { steadyLoads } from '../../src/simulator/load.ts';
import { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import { JOURNAL_BOUNDS, openJournal, SqliteJournal } from '../../src/store/sqlite-journal.ts';
import { makeContainer } from '../../src/wiring/container.ts';
import { NOON_MS } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';

/** What hangs on it happens no more once it has stopped. */
class MortalClock implements Clock {
  readonly #clock: Clock;
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  after(delayMs: number, call: () => void): Stop {
    return this.#clock.after(delayMs, () => {
      if (!this.#isStopped) call();
    });
  }

  stop(): void {
    this.#isStopped = true;
  }
}

export interface Life {
  readonly daemon: Daemon;
  readonly operator: Operator;
  readonly journal: SqliteJournal;
  /** What the daemon said, with its level in front. */
  readonly told: readonly string[];
  /** The process is gone from one instant to the next. */
  crash(): void;
}

const { policies } = await loadPolicies({ folders: [] });
const SHELF = policies.map((good) => ({ id: good.policy.id, good, trouble: '', gone: false }));

function steady(inventory: Inventory): VirtualDatacenter {
  return new VirtualDatacenter({ inventory, loads: steadyLoads(inventory.vms), startMs: NOON_MS });
}

/** A datacenter, unless given under a load that never changes, and the daemons that live there one after the other. */
export class Lives {
  readonly clock = new VirtualClock(NOON_MS);
  readonly datacenter: VirtualDatacenter;
  readonly stateFolder = mkdtempSync(join(tmpdir(), 'drover-lives-'));
  /** Orders that the datacenter was given, each as often as it came. */
  readonly orders: string[] = [];

  constructor(setting: Inventory | VirtualDatacenter) {
    this.datacenter = setting instanceof VirtualDatacenter ? setting : steady(setting);
    onTestFinished(() => rmSync(this.stateFolder, { recursive: true, force: true }));
  }

  /** On a profile without policies nothing moves but what rules and persons want. */
  async begin(changed: Partial<Settings> = {}, sparePages?: number): Promise<Life> {
    const quiet = { ...DEFAULT_SETTINGS.profile, policies: {}, spareHosts: 0, spareShare: 0 };
    const settings = { ...DEFAULT_SETTINGS, profile: quiet, ...changed };
    const clock = new MortalClock(this.clock);
    const journal = sparePages === undefined ? this.#journal() : this.#crampedJournal(sparePages);
    const told: string[] = [];
    const at = (level: string) => (sentence: string) => void told.push(`${level}: ${sentence}`);
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    const driver = new SimulatedDriver({ datacenter: this.datacenter, clock });
    const migrate = driver.migrate.bind(driver);
    driver.migrate = (order, progressed) => {
      this.orders.push(order.id);
      return migrate(order, progressed);
    };
    const daemon = makeContainer({ settings, shelf: SHELF, clock, log, journal, driver }).get(Daemon);
    const crash = () => {
      clock.stop();
      journal.close();
    };
    onTestFinished(crash);
    await daemon.start();
    await this.clock.advance(30 * SECOND);
    return { daemon, operator: daemon.operator, journal, told, crash };
  }

  #journal(): SqliteJournal {
    const journal = openJournal(this.stateFolder);
    if ('because' in journal) throw new Error(journal.because);
    return journal;
  }

  /** On a disk that has room for so many more pages. */
  #crampedJournal(sparePages: number): SqliteJournal {
    this.#journal().close();
    const file = join(this.stateFolder, 'journal.db');
    const database = new DatabaseSync(file);
    const [pages] = Object.values(database.prepare('pragma page_count').get() ?? {});
    database.exec(`pragma max_page_count = ${Number(pages) + sparePages}`);
    return new SqliteJournal(database, file, JOURNAL_BOUNDS);
  }

  vmsOn(host: string): string[] {
    return this.datacenter.vmIds.filter((vm) => this.datacenter.hostOf(vm) === host);
  }

  /** Seconds of datacenter time until it is so; fails when that does not come within two hours. */
  async until(isSo: () => boolean, step = 5): Promise<number> {
    for (let seconds = 0; seconds < 7_200; seconds += step) {
      if (isSo()) return seconds;
      await this.clock.advance(step * SECOND);
    }
    throw new Error('it did not come about within two hours');
  }
}
