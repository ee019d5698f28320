import type { Settings } from '../../config/settings.ts';
import { Daemon } from '../../daemon/daemon.ts';
import { NO_HOOKS } from '../../domain/hook.ts';
import { SimulatedDriver } from '../../drivers/simulated/simulated-driver.ts';
import type { Shelf } from '../../loading/library.ts';
import type { Log } from '../../ports/log.ts';
import type { VirtualDatacenter } from '../../simulator/virtual-datacenter.ts';
import { openJournalInMemory, type SqliteJournal } from '../../store/sqlite-journal.ts';
import { Telemetry } from '../../telemetry/telemetry.ts';
import { makeContainer } from '../container.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface VirtualSetup {
  readonly settings: Settings;
  readonly shelf: Shelf;
  readonly datacenter: VirtualDatacenter;
  readonly log?: Log;
}

/** The whole of Drover as it runs in production, on virtual time and without sockets. */
export interface VirtualWorld {
  readonly daemon: Daemon;
  readonly telemetry: Telemetry;
  readonly datacenter: VirtualDatacenter;
  readonly clock: VirtualClock;
  readonly journal: SqliteJournal;
}

/** Nothing can be shown of it before its daemon is started and its clock advanced. */
export function makeVirtualWorld({ settings, shelf, datacenter, log = SILENT }: VirtualSetup): VirtualWorld {
  const clock = new VirtualClock(datacenter.nowMs);
  const journal = openJournalInMemory();
  const driver = new SimulatedDriver({ datacenter, clock });
  const container = makeContainer({ settings, shelf, clock, log, journal, driver });
  return { daemon: container.get(Daemon), telemetry: container.get(Telemetry), datacenter, clock, journal };
}

/**
 * Without a deadline on real time: how fast this machine is must decide nothing, or one seed would give many runs. And
 * nobody outside is called for what happens nowhere.
 */
export const onVirtualTime = (settings: Settings): Settings => ({
  ...settings,
  decideSeconds: Number.POSITIVE_INFINITY,
  hooks: NO_HOOKS,
});

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
