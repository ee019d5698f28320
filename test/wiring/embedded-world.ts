import { DEFAULT_SETTINGS } from '../../src/config/defaults.ts';
import type { Settings } from '../../src/config/settings.ts';
import { createEmbeddedDatacenter } from '../../src/drivers/simulated/embedded-datacenter.ts';
import { loadPolicies } from '../../src/loading/load-policies.ts';
import type { Log } from '../../src/ports/log.ts';
import type { VirtualDatacenter } from '../../src/simulator/virtual-datacenter.ts';
import type { VirtualClock } from '../../src/wiring/virtual/virtual-clock.ts';
import { makeVirtualWorld, type VirtualWorld } from '../../src/wiring/virtual/virtual-world.ts';
import { NOON_MS } from '../kit/fleet.ts';

type Embedded = typeof DEFAULT_SETTINGS;

export interface World extends VirtualWorld {
  /** What the daemon said, with its level in front. */
  readonly told: readonly string[];

  end(): void;
}

export function embeddedDatacenter(settings: Embedded = DEFAULT_SETTINGS): VirtualDatacenter {
  const datacenter = createEmbeddedDatacenter(settings.driver, NOON_MS);
  if ('because' in datacenter) throw new Error(datacenter.because);
  return datacenter;
}

/** The whole of Drover as `npm start` puts it together, on virtual time and without sockets. */
export async function makeWorld(changed: Partial<Settings> = {}): Promise<World> {
  const { driver: made = DEFAULT_SETTINGS.driver } = changed;
  if (made.kind !== 'simulated') throw new Error('this world is the embedded one');
  const settings = { ...DEFAULT_SETTINGS, ...changed, driver: made };
  const datacenter = embeddedDatacenter(settings);
  const told: string[] = [];
  const { policies } = await loadPolicies({ folders: [] });
  const shelf = policies.map((good) => ({ id: good.policy.id, good, trouble: '', gone: false }));
  const world = makeVirtualWorld({ settings, shelf, datacenter, log: recorder(told) });
  return { ...world, told, end: () => world.journal.close() };
}

function recorder(told: string[]): Log {
  const at = (level: string) => (sentence: string) => void told.push(`${level}: ${sentence}`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A promise that needs datacenter time to pass before it is kept. */
export async function passUntil<T>(promise: Promise<T>, clock: VirtualClock, stepMs: number): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  promise.then(over, over);
  while (!isOver) await clock.advance(stepMs);
  return promise;
}
