import { DEFAULT_LIMITS, DEFAULT_PRICES, DEFAULT_PROFILE } from '../domain/profile.ts';
import type { Settings, SimulatedSettings } from './settings.ts';

export type DriverKind = Settings['driver']['kind'];
export type DriverlessSettings = Omit<Settings, 'driver'>;

export const DEFAULT_SIMULATED: SimulatedSettings = {
  kind: 'simulated',
  hosts: 16,
  vms: 120,
  racks: 4,
  seed: 7,
  speed: 60,
  dayMinutes: 120,
};

/** A real datacenter is only advised until somebody says otherwise. */
const CAUTIOUS: DriverlessSettings = {
  cluster: 'datacenter',
  mode: 'recommend',
  power: false,
  stateFolder: '.drover',
  listen: { address: '127.0.0.1', port: 7070 },
  log: { level: 'info', format: 'auto' },
  observe: {
    sampleSeconds: 10,
    cycleSeconds: 60,
    fastWindowSeconds: 120,
    slowWindowSeconds: 2400,
    staleAfterIntervals: 3,
  },
  telemetry: { perHostSeries: true, perVmSeries: false, mostSeries: 1_000_000, undoneWithinHours: 4 },
  profile: DEFAULT_PROFILE,
  prices: DEFAULT_PRICES,
  limits: DEFAULT_LIMITS,
  decideSeconds: 10,
  rules: [],
  policyFolders: [],
  calendar: [],
};

/** Nothing can break in the embedded datacenter, and its day is short: spans are too. */
const EMBEDDED: DriverlessSettings = {
  ...CAUTIOUS,
  cluster: 'embedded',
  mode: 'auto',
  power: true,
  observe: { ...CAUTIOUS.observe, cycleSeconds: 30, fastWindowSeconds: 60, slowWindowSeconds: 600 },
  telemetry: { ...CAUTIOUS.telemetry, undoneWithinHours: 0.5 },
  // Its night lasts some fifty minutes, and its morning comes faster than a host boots: hence the second spare host.
  profile: { ...DEFAULT_PROFILE, horizonMinutes: 50, vmCooldownMinutes: 5, minimumOnMinutes: 5, spareHosts: 2 },
};

/** What holds where the configuration is silent; it depends on how much there is to lose. */
export function defaultsFor(driverKind: string): DriverlessSettings {
  return driverKind === 'simulated' ? EMBEDDED : CAUTIOUS;
}

/** Without any configuration: the embedded datacenter. */
export const DEFAULT_SETTINGS: Settings = { ...EMBEDDED, driver: DEFAULT_SIMULATED };
