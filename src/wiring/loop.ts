import { ContainerModule } from 'inversify';
import { Executor } from '../act/executor.ts';
import { Daemon } from '../daemon/daemon.ts';
import { OutsideCaller } from '../drivers/hooks/outside-caller.ts';
import { Observatory } from '../observe/observatory.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { watchedJournal } from '../telemetry/watched-journal.ts';
import { makeSource } from './sources.ts';
import { CLOCK, DRIVER, HISTORY, JOURNAL, LOG, NOTES, SETTINGS, SHELF, WATCHED_JOURNAL } from './tokens.ts';
import { VERSION } from './version.ts';

/** The loop from samples to steps, one of each. */
export const loop = new ContainerModule(({ bind }) => {
  bind(Telemetry)
    .toResolvedValue(
      ({ cluster, telemetry }, driver) => new Telemetry({ version: VERSION, cluster, driver: driver.name }, telemetry),
      [SETTINGS, DRIVER],
    )
    .inSingletonScope();
  bind(WATCHED_JOURNAL).toResolvedValue(watchedJournal, [JOURNAL, Telemetry]).inSingletonScope();
  bind(Observatory)
    .toResolvedValue(
      ({ observe, rules, sources }, driver, clock, log) =>
        new Observatory({
          driver,
          sources: sources.map((source) => makeSource(source, clock)),
          clock,
          log,
          settings: observe,
          rules,
        }),
      [SETTINGS, DRIVER, CLOCK, LOG],
    )
    .inSingletonScope();
  bind(Executor)
    .toResolvedValue(
      ({ limits, hooks }, driver, journal, clock, log) =>
        new Executor({ driver, journal, clock, log, limits, hooks, caller: new OutsideCaller() }),
      [SETTINGS, DRIVER, WATCHED_JOURNAL, CLOCK, LOG],
    )
    .inSingletonScope();
  bind(Daemon)
    .toResolvedValue(
      (settings, shelf, driver, observatory, executor, journal, notes, history, clock, log, telemetry) =>
        new Daemon({
          version: VERSION,
          settings,
          shelf,
          driver,
          observatory,
          executor,
          journal,
          notes,
          history,
          clock,
          log,
          telemetry,
        }),
      [SETTINGS, SHELF, DRIVER, Observatory, Executor, WATCHED_JOURNAL, NOTES, HISTORY, CLOCK, LOG, Telemetry],
    )
    .inSingletonScope();
});
