import { NO_HOOKS } from '../domain/hook.ts';
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
  hostPower: { provenByDefault: false, proveWhenCalm: true, wakeOthers: false },
  coexistence: { standBack: 'vm', minutes: 30 },
  stateFolder: '.drover',
  history: { cycles: 300, plans: 300, steps: 10_000, cases: 100, caseMegabytes: 256, caseMostVms: 20_000 },
  listen: { address: '127.0.0.1', port: 7070 },
  log: { level: 'info', format: 'auto' },
  observe: {
    sampleSeconds: 10,
    cycleSeconds: 60,
    fastWindowSeconds: 120,
    slowWindowSeconds: 2400,
    deviationWindow: 'fast',
    staleAfterIntervals: 3,
    frozenAfterSamples: 60,
    hotShare: 0.8,
    hotSeconds: 300,
    seasonMinutes: 1440,
    soonMinutes: 30,
    laterMinutes: 120,
  },
  sources: [],
  telemetry: { perHostSeries: true, perVmSeries: false, mostSeries: 1_000_000, undoneWithinHours: 4 },
  profile: DEFAULT_PROFILE,
  profiles: {},
  prices: DEFAULT_PRICES,
  limits: DEFAULT_LIMITS,
  decideSeconds: 10,
  rules: [],
  policyFolders: [],
  hooks: NO_HOOKS,
  calendar: [],
};

/** Nothing can break in the embedded datacenter, and its day is short: spans are too. */
const EMBEDDED: DriverlessSettings = {
  ...CAUTIOUS,
  cluster: 'embedded',
  mode: 'auto',
  power: true,
  hostPower: { ...CAUTIOUS.hostPower, provenByDefault: true },
  observe: {
    ...CAUTIOUS.observe,
    cycleSeconds: 30,
    fastWindowSeconds: 60,
    slowWindowSeconds: 600,
    // A busy machine stands still for seconds now and then: four of them are as many minutes there.
    staleAfterIntervals: 24,
    // By night its load really stands still.
    frozenAfterSamples: 0,
    ...seasonOf(DEFAULT_SIMULATED.dayMinutes),
  },
  telemetry: { ...CAUTIOUS.telemetry, undoneWithinHours: 0.5 },
  // Its night lasts some fifty minutes, and its morning comes faster than a host boots: hence the second spare host.
  profile: {
    ...DEFAULT_PROFILE,
    horizonMinutes: 50,
    vmCooldownMinutes: 5,
    minimumOnMinutes: 5,
    minimumOffMinutes: 2,
    spareHosts: 2,
  },
};

/**
 * What holds where the configuration is silent; it depends on how much there is to lose. The embedded datacenter's load
 * comes round again after its day.
 */
export function defaultsFor(driverKind: string, dayMinutes = DEFAULT_SIMULATED.dayMinutes): DriverlessSettings {
  if (driverKind !== 'simulated') return CAUTIOUS;
  return { ...EMBEDDED, observe: { ...EMBEDDED.observe, ...seasonOf(dayMinutes) } };
}

/** Looks as far ahead as a boot and a few migrations take, and as a host that was switched off should at least stay off. */
function seasonOf(dayMinutes: number) {
  return { seasonMinutes: dayMinutes, soonMinutes: dayMinutes / 24, laterMinutes: dayMinutes / 6 };
}

/** Without any configuration: the embedded datacenter. */
export const DEFAULT_SETTINGS: Settings & { readonly driver: SimulatedSettings } = {
  ...EMBEDDED,
  driver: DEFAULT_SIMULATED,
};
