import { describe, expect, it } from 'vitest';
import { CPU, NET_RX } from '../../src/domain/resources.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/units.ts';
import { Observatory } from '../../src/observe/observatory.ts';
import type { HistoryWish, Interning, MetricSource, SampleBatch } from '../../src/ports/samples.ts';
import { aHost, anInventory, aVm, NOON_MS } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { batchOf, KeptLog, ObservedDatacenter, SETTINGS } from './kit.ts';

const FLEET = anInventory({ hosts: [aHost({ id: 'h1' })], vms: [aVm({ id: 'vm1', host: 'h1' })] });

/** A store that knows the processor of vm1, as it was and as it is. */
class Store implements MetricSource {
  readonly name = 'the store';
  readonly measures = [{ kind: 'vm' as const, metric: 'cpuCores' as const }];
  readonly wishes: HistoryWish[] = [];
  readonly #coresAt: (atMs: number) => number;
  readonly #clock: VirtualClock;
  isDown = false;

  constructor(clock: VirtualClock, coresAt: (atMs: number) => number) {
    this.#clock = clock;
    this.#coresAt = coresAt;
  }

  async *history(wish: HistoryWish, interning: Interning): AsyncIterable<SampleBatch> {
    if (this.isDown) throw new Error('connection refused');
    this.wishes.push(wish);
    for (let atMs = wish.fromMs; atMs <= wish.toMs; atMs += wish.stepMs) yield this.#batch(atMs, interning);
  }

  sample(
    intervalMs: number,
    interning: Interning,
    receive: (batch: SampleBatch) => void,
    failed: (because: string) => void,
  ) {
    let stop = () => {};
    const take = () => {
      stop = this.#clock.after(intervalMs, take);
      if (this.isDown) failed('connection refused');
      else receive(this.#batch(this.#clock.nowMs(), interning));
    };
    stop = this.#clock.after(0, take);
    return () => stop();
  }

  #batch(atMs: number, interning: Interning): SampleBatch {
    return batchOf('vm', [{ entity: interning.vm('vm1'), metric: 'cpuCores', value: this.#coresAt(atMs), atMs }]);
  }
}

function scene(coresAt: (atMs: number) => number) {
  const clock = new VirtualClock(NOON_MS);
  const log = new KeptLog();
  const driver = new ObservedDatacenter(FLEET);
  const store = new Store(clock, coresAt);
  const observatory = new Observatory({ driver, sources: [store], clock, log, settings: SETTINGS, rules: [] });
  const run = async (intervals: number, cpuMhz = 9999) => {
    for (let n = 0; n < intervals; n++) {
      driver.measure('host', 'h1', { cpuMhz: 2000 }, clock.nowMs());
      driver.measure('vm', 'vm1', { cpuMhz, netRxBytesPerS: 50 }, clock.nowMs());
      await clock.advance(SETTINGS.sampleSeconds * SECOND);
    }
  };
  return { clock, log, store, observatory, run };
}

const CORE_MHZ = 2500;

describe('a source beside the driver', () => {
  it('is believed alone in what it measures; the rest is the driver’s', async () => {
    const { observatory, run } = scene(() => 0.4);
    await observatory.start();
    await run(7);
    const { vms } = observatory.latest()!;
    expect([vms.demand[CPU]![0], vms.demand[NET_RX]![0], vms.known[0]]).toEqual([0.4 * CORE_MHZ, 50, 1]);
  });

  it('fills the windows with what it remembers', async () => {
    const { observatory, run, store } = scene((atMs) => (atMs < NOON_MS - 10 * MINUTE ? 0.8 : 0.4));
    await observatory.start();
    await run(4);
    const { vms } = observatory.latest()!;
    expect(vms.cpuPeakMhz[0]).toBeCloseTo(0.8 * CORE_MHZ);
    expect(vms.cpuLowMhz[0]).toBeCloseTo(0.4 * CORE_MHZ);
    expect(observatory.signals('vm', 'vm1')!.riseMhzPerHour).toBeLessThan(0);
    expect(store.wishes).toContainEqual(expect.objectContaining({ fromMs: NOON_MS - 2400 * SECOND }));
  });

  it('teaches the forecast what was usual in past seasons', async () => {
    const isBusy = (atMs: number) => (atMs / HOUR) % 24 >= 13 && (atMs / HOUR) % 24 < 20;
    const { observatory, run } = scene((atMs) => (isBusy(atMs) ? 1.6 : 0.2));
    await observatory.start();
    await run(7);
    const { vms } = observatory.latest()!;
    expect(vms.demand[CPU]![0]).toBeCloseTo(0.2 * CORE_MHZ);
    expect(vms.cpuLaterMhz[0]).toBeGreaterThan(1.4 * CORE_MHZ);
    expect(observatory.forecastState()).toMatchObject({ 'too little history': 0 });
    expect(observatory.signals('vm', 'vm1')!.forecast).toHaveProperty('later.highMhz');
  });

  it('that is down makes unknown what it alone measures, and is well again when it is back', async () => {
    const { observatory, run, store, log } = scene(() => 0.4);
    store.isDown = true;
    await observatory.start();
    await run(7);
    expect(observatory.trust('vm', 'vm1')).toMatchObject({ known: false, cause: 'missing' });
    expect(observatory.trust('host', 'h1')).toMatchObject({ known: true });
    store.isDown = false;
    await run(3);
    observatory.request('look');
    await run(1);
    expect(observatory.trust('vm', 'vm1')).toMatchObject({ known: true });
    expect(log.lines.filter((line) => line.includes('the store'))).toEqual([
      expect.stringContaining('The history of the store could not be read for the windows: connection refused'),
      expect.stringContaining('The history of the store could not be read for the forecast: connection refused'),
      expect.stringContaining('Sampling by the store failed: connection refused'),
      expect.stringContaining('Sampling by the store works again'),
    ]);
  });

  it('leaves nothing running when it is stopped while it reads the past', async () => {
    const { clock, observatory } = scene(() => 0.4);
    await observatory.start();
    observatory.stop();
    await clock.advance(MINUTE);
    expect(clock.pending).toBe(0);
  });
});
