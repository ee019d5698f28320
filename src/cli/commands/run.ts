import type { Settings } from '../../config/settings.ts';
import { MODES } from '../../domain/profile.ts';
import { defineCommand, type OptionValues } from '../command.ts';
import { type Ending, isEnding, wrong } from '../io.ts';
import { configFileOf, DEFAULT_FILE, settingsFrom } from '../settings-input.ts';

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
    const read = await settingsFrom(given.config, io);
    if (isEnding(read)) return read;
    const settings = overridden(read, given);
    if (isEnding(settings)) return settings;
    const { runDaemon } = await import('../../wiring/run.ts');
    const adjusted = (fresh: Settings) => withGiven(fresh, given);
    const exitCode = await runDaemon({ settings, adjusted, ...(configFile !== undefined && { configFile }) });
    return { exitCode, sentences: [] };
  },
});

/** The settings with what the command line says instead. */
function overridden(settings: Settings, given: OptionValues<typeof options>): Settings | Ending {
  const adjusted = withGiven(settings, given);
  const { port } = adjusted.listen;
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
    return wrong(`--port is ${port}, should be a whole number from 0 to ${HIGHEST_PORT}`);
  }
  const wrongSpeed = given.speed === undefined ? undefined : whyNoSpeed(settings.driver, given.speed);
  return wrongSpeed === undefined ? adjusted : wrong(wrongSpeed);
}

function whyNoSpeed(driver: Settings['driver'], speed: number): string | undefined {
  if (driver.kind !== 'simulated') return `--speed says nothing here: time passes by itself under ${driver.kind}`;
  if (driver.at !== undefined) return '--speed says nothing here: the datacenter at driver.at goes at its own';
  return speed > 0 ? undefined : `--speed is ${speed}, should be more than 0`;
}

function withGiven(settings: Settings, given: OptionValues<typeof options>): Settings {
  const { mode = settings.mode, port = settings.listen.port } = given;
  return { ...settings, mode, listen: { ...settings.listen, port }, driver: atSpeed(settings.driver, given.speed) };
}

function atSpeed(driver: Settings['driver'], speed: number | undefined): Settings['driver'] {
  return driver.kind === 'simulated' && speed !== undefined ? { ...driver, speed } : driver;
}
