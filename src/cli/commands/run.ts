import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DEFAULT_SETTINGS } from '../../config/defaults.ts';
import { problemWords } from '../../config/problem.ts';
import { readSettingsFile } from '../../config/read-settings.ts';
import type { Settings } from '../../config/settings.ts';
import { MODES } from '../../domain/profile.ts';
import { defineCommand, type OptionValues } from '../command.ts';
import { type Ending, type Io, isEnding, wrong } from '../io.ts';

const DEFAULT_FILE = 'drover.yaml';
const HIGHEST_PORT = 65_535;

const options = {
  config: { kind: 'text', placeholder: 'FILE', about: `Configuration; otherwise ${DEFAULT_FILE}, if it is there` },
  mode: { kind: 'choice', values: MODES, about: 'Start in this mode, whatever the configuration says' },
  port: { kind: 'number', placeholder: 'PORT', about: 'Port of console, API and metrics; 0 takes a free one' },
  speed: { kind: 'number', placeholder: 'N', about: 'Datacenter seconds per real second, in the embedded datacenter' },
} as const;

export const run = defineCommand({
  name: 'run',
  group: 'run',
  about: 'Start the daemon; without a configuration, on the embedded datacenter',
  more: `SIGTERM or Ctrl-C: stop starting things, cancel or finish what is under way, then end; a second one ends at once.
SIGHUP: read the configuration again and say what changed.`,
  operands: [],
  options,
  examples: [
    'drover run',
    'drover run --config /etc/drover.yaml --mode recommend',
    'drover run --speed 300 --port 7171',
  ],
  async run({ options: given, io }) {
    const configFile = configFileOf(given.config, io);
    const read = configFile === undefined ? DEFAULT_SETTINGS : await readSettingsFile(configFile);
    if (Array.isArray(read)) return wrong(...read.map(problemWords));
    const settings = overridden(read, given);
    if (isEnding(settings)) return settings;
    const { runDaemon } = await import('../../wiring/run.ts');
    const adjusted = (fresh: Settings) => withGiven(fresh, given);
    const exitCode = await runDaemon({ settings, adjusted, ...(configFile !== undefined && { configFile }) });
    return { exitCode, sentences: [] };
  },
});

/** A file that is named must be there; the one that is not named may be missing. */
function configFileOf(named: string | undefined, io: Io): string | undefined {
  if (named !== undefined) return resolve(io.cwd, named);
  const usual = resolve(io.cwd, DEFAULT_FILE);
  return existsSync(usual) ? usual : undefined;
}

/** The settings with what the command line says instead. */
export function overridden(settings: Settings, given: OptionValues<typeof options>): Settings | Ending {
  const adjusted = withGiven(settings, given);
  const { port } = adjusted.listen;
  const { speed } = adjusted.driver;
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
    return wrong(`--port is ${port}, should be a whole number from 0 to ${HIGHEST_PORT}`);
  }
  if (!(speed > 0)) return wrong(`--speed is ${speed}, should be more than 0`);
  return adjusted;
}

function withGiven(settings: Settings, given: OptionValues<typeof options>): Settings {
  const { mode = settings.mode, port = settings.listen.port, speed = settings.driver.speed } = given;
  return { ...settings, mode, listen: { ...settings.listen, port }, driver: { ...settings.driver, speed } };
}
