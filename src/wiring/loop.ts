import { ContainerModule } from 'inversify';
import { Executor } from '../act/executor.ts';
import { Daemon } from '../daemon/daemon.ts';
import { Observatory } from '../observe/observatory.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { CLOCK, DRIVER, JOURNAL, LOG, SETTINGS, SHELF } from './tokens.ts';
import { VERSION } from './version.ts';

/** The loop from samples to steps, one of each. */
export const loop = new ContainerModule(({ bind }) => {
  bind(Telemetry)
    .toResolvedValue(
      ({ cluster }, driver) => new Telemetry({ version: VERSION, cluster, driver: driver.name }),
      [SETTINGS, DRIVER],
    )
    .inSingletonScope();
  bind(Observatory)
    .toResolvedValue(
      ({ observe, rules }, driver, clock, log) => new Observatory({ driver, clock, log, settings: observe, rules }),
      [SETTINGS, DRIVER, CLOCK, LOG],
    )
    .inSingletonScope();
  bind(Executor)
    .toResolvedValue(
      ({ limits }, driver, journal, clock, log) => new Executor({ driver, journal, clock, log, limits }),
      [SETTINGS, DRIVER, JOURNAL, CLOCK, LOG],
    )
    .inSingletonScope();
  bind(Daemon)
    .toResolvedValue(
      (settings, shelf, driver, observatory, executor, journal, clock, log, telemetry) =>
        new Daemon({
          version: VERSION,
          settings,
          shelf,
          driver,
          observatory,
          executor,
          journal,
          clock,
          log,
          telemetry,
        }),
      [SETTINGS, SHELF, DRIVER, Observatory, Executor, JOURNAL, CLOCK, LOG, Telemetry],
    )
    .inSingletonScope();
});
