import { ContainerModule } from 'inversify';
import { Executor } from '../act/executor.ts';
import { DEFAULT_PATIENCE, type Patience } from '../act/patience.ts';
import { Daemon } from '../daemon/daemon.ts';
import { SECOND } from '../domain/units.ts';
import { OutsideCaller } from '../drivers/hooks/outside-caller.ts';
import { Observatory } from '../observe/observatory.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { watchedJournal } from '../telemetry/watched-journal.ts';
import { makeSource } from './sources.ts';
import { CLOCK, DRIVER, HISTORY, JOURNAL, LOG, NOTES, SETTINGS, SHELF, WATCHED_JOURNAL } from './tokens.ts';
import { VERSION } from './version.ts';

const CYCLES_OF_SIGHT = 3;

/** What a slow cycle has seen has to do until the next. */
const patienceFor = (cycleSeconds: number): Patience => ({
  ...DEFAULT_PATIENCE,
  oldestSightMs: Math.max(DEFAULT_PATIENCE.oldestSightMs, CYCLES_OF_SIGHT * cycleSeconds * SECOND),
});

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
      ({ limits, hooks, observe: { cycleSeconds } }, driver, journal, clock, log) => {
        const [caller, patience] = [new OutsideCaller(), patienceFor(cycleSeconds)];
        return new Executor({ driver, journal, clock, log, limits, hooks, caller, patience });
      },
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
