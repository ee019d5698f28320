import { DEFAULT_SIMULATED, defaultsFor } from '../../config/defaults.ts';
import type { Settings } from '../../config/settings.ts';

const REAL = defaultsFor('libvirt');

/**
 * Settings as they are for real datacenters, with real days, but with hands that may do everything: nothing that is
 * simulated can be broken.
 */
export function withFreeHands(settings: Partial<Settings> = {}): Settings {
  const { seasonMinutes, soonMinutes, laterMinutes } = REAL.observe;
  const isShortDay = settings.driver?.kind === 'simulated';
  const { observe = REAL.observe, hostPower = REAL.hostPower } = settings;
  return {
    ...REAL,
    ...settings,
    driver: DEFAULT_SIMULATED,
    mode: 'auto',
    power: true,
    hostPower: { ...hostPower, provenByDefault: true },
    sources: [],
    observe: isShortDay ? { ...observe, seasonMinutes, soonMinutes, laterMinutes } : observe,
  };
}
