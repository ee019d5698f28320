import { problemWords } from '../config/problem.ts';
import { readSettingsFile } from '../config/read-settings.ts';
import type { Settings } from '../config/settings.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { Log } from '../ports/log.ts';

export interface Rereading {
  readonly daemon: Daemon;
  readonly log: Log;
  readonly configFile: string | undefined;
  readonly adjusted: (fresh: Settings) => Settings;
}

/** SIGHUP reads the configuration file again; a bad file changes nothing. */
export function rereadOnHangup(reading: Rereading): void {
  process.on('SIGHUP', () => {
    if (reading.configFile === undefined) reading.log.info('there is no configuration file to read again');
    else void reread(reading, reading.configFile);
  });
}

async function reread({ daemon, log, adjusted }: Rereading, configFile: string): Promise<void> {
  const settings = await readSettingsFile(configFile);
  if (Array.isArray(settings)) return keepConfiguration(log, settings.map(problemWords));
  const reloaded = daemon.reload(adjusted(settings));
  if ('refused' in reloaded) return keepConfiguration(log, reloaded.refused);
  for (const change of reloaded.changed) log.info(`configuration: ${change}`);
  if (reloaded.changed.length === 0) log.info('the configuration has not changed');
}

function keepConfiguration(log: Log, wrong: readonly string[]): void {
  for (const sentence of wrong) log.error(sentence);
  log.warn('the configuration stays as it was');
}
