import { decideNext } from '../../../src/decide/decide.ts';
import type { Memory } from '../../../src/decide/memory.ts';
import type { Change } from '../../../src/domain/change.ts';
import { isAccepted } from '../../../src/domain/decision.ts';
import { Succession } from '../../../src/domain/inventory.ts';
import { METRICS } from '../../../src/domain/metric.ts';
import type { Prices } from '../../../src/domain/profile.ts';
import { CPU } from '../../../src/domain/resources.ts';
import type { Snapshot } from '../../../src/domain/snapshot.ts';
import { SECOND } from '../../../src/domain/units.ts';
import { compose } from '../../../src/observe/compose.ts';
import { allDoubts } from '../../../src/observe/doubts.ts';
import { Forecast } from '../../../src/observe/forecast.ts';
import { InternedIds } from '../../../src/observe/interning.ts';
import { LastChanges } from '../../../src/observe/last-changes.ts';
import { Measurements } from '../../../src/observe/measurements.ts';
import { windowShape } from '../../../src/observe/windows.ts';
import type { LoadedPolicy } from '../../../src/sdk/choose.ts';
import { GREEN_LIMITS, GREEN_PROFILE, GREEN_WINDOWS, greenPrices } from './green-profile.ts';
import { inventoryOf, nowMs, numberIn } from './inventory.ts';
import { HOST_COUNT, INTERVAL_SECONDS } from './model.ts';
import type { Orders, World } from './world.ts';

/** A window has room for a few samples at least: where each is to stand for itself, they come oftener than they do. */
const FEWEST_IN_WINDOW = 3;
const SHAPE = windowShape({ sampleSeconds: GREEN_WINDOWS.fastWindowSeconds / FEWEST_IN_WINDOW, ...GREEN_WINDOWS });
/** The experiment's data is never bad. */
const DEADLINES = {
  staleAfterMs: 3 * INTERVAL_SECONDS * SECOND,
  skewMs: 0,
  unitPatienceMs: 0,
  frozenAfterSamples: 0,
};
const DOUBTS = allDoubts(DEADLINES.staleAfterMs);
const DAY_AHEAD = { seasonMinutes: 1440, soonMinutes: 30, laterMinutes: 120 };

/**
 * Drover in the experiment. It samples once per interval, and once when the tasks start; what it sees goes through its
 * own windows and forecasts, and what it wants is decided by its own code.
 */
export class Green {
  readonly #world: World;
  readonly #policies: readonly LoadedPolicy[];
  readonly #prices: Prices;
  readonly #forecast = new Forecast(DAY_AHEAD);
  readonly #hosts = new Measurements(SHAPE, DEADLINES);
  readonly #vms = new Measurements(SHAPE, DEADLINES, this.#forecast);
  readonly #changes = new LastChanges();
  readonly #interning = new InternedIds();
  readonly #succession = new Succession();
  readonly #movedAtMs: Float64Array;
  readonly #switchedAtMs = new Float64Array(HOST_COUNT);
  #memory: Memory | undefined;
  #version = 0;

  constructor(world: World, policies: readonly LoadedPolicy[]) {
    this.#world = world;
    this.#policies = policies;
    this.#prices = greenPrices(world.setting.name);
    this.#movedAtMs = new Float64Array(world.vmCount);
    this.#look();
  }

  decide(): Orders {
    const set = { policies: this.#policies, profile: GREEN_PROFILE, prices: this.#prices, limits: GREEN_LIMITS };
    const input = { snapshot: this.#look(), ...set, power: true };
    const { verdicts, memory } = decideNext(input, this.#memory);
    this.#memory = memory;
    const orders = ordersIn(verdicts.decisions.filter(isAccepted).flatMap(({ changes }) => changes));
    const atMs = nowMs(this.#world);
    for (const { vm } of orders.migrations) this.#movedAtMs[vm] = atMs;
    for (const host of [...orders.on, ...orders.off]) this.#switchedAtMs[host] = atMs;
    return orders;
  }

  #look(): Snapshot {
    const inventory = inventoryOf(this.#world, { movedAtMs: this.#movedAtMs, switchedAtMs: this.#switchedAtMs });
    const base = this.#succession.next(inventory);
    const { atMs } = base;
    this.#list(base);
    this.#sample(base);
    this.#hosts.judge(atMs, () => false);
    this.#vms.judge(atMs);
    const { fast, slow } = this.#vms.vital.windows;
    this.#forecast.learn(fast.mean, this.#vms.standing.verdict, atMs);
    this.#forecast.look(slow.mean, atMs);
    const { deviationWindow } = GREEN_WINDOWS;
    const parts = { hosts: this.#hosts, vms: this.#vms, changes: this.#changes, forecast: this.#forecast };
    return compose(base, { ...parts, deviationWindow, doubts: DOUBTS }, ++this.#version, atMs);
  }

  #list({ hosts, vms, atMs }: Snapshot): void {
    const hostNumbers = hosts.ids.map((id) => this.#interning.host(id));
    const vmNumbers = vms.ids.map((id) => this.#interning.vm(id));
    this.#hosts.list(hostNumbers, atMs);
    this.#vms.list(vmNumbers, atMs);
  }

  #sample({ vms, atMs }: Snapshot): void {
    const { length } = vms.ids;
    const batch = {
      kind: 'vm' as const,
      length,
      entity: Uint32Array.from(vms.ids, (id) => this.#interning.vm(id)),
      metric: new Uint8Array(length).fill(METRICS.indexOf('cpuMhz')),
      value: Float64Array.from({ length }, (_, vm) => vms.demand[CPU]![vm]!),
      atMs: new Float64Array(length).fill(atMs),
    };
    this.#vms.take({ batch, from: 0, to: length }, atMs);
    this.#vms.refresh();
  }
}

function ordersIn(changes: readonly Change[]): Orders {
  const switched = (to: 'on' | 'off') =>
    changes.flatMap((change) => (change.kind === 'power' && change.to === to ? [numberIn(change.host)] : []));
  const migrations = changes.flatMap((change) =>
    change.kind === 'move' ? [{ vm: numberIn(change.vm), to: numberIn(change.to) }] : [],
  );
  return { migrations, on: switched('on'), off: switched('off') };
}
