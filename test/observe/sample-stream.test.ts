import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/units.ts';
import { InternedIds } from '../../src/observe/interning.ts';
import { Outage } from '../../src/observe/outage.ts';
import type { Slice } from '../../src/observe/sample-buffer.ts';
import { SampleBuffer } from '../../src/observe/sample-buffer.ts';
import { SLICE_ROWS, samplesFrom, sliced } from '../../src/observe/sample-stream.ts';
import { anInventory } from '../kit/fleet.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { batchOf, KeptLog, ObservedDatacenter } from './kit.ts';

const rowsOf = (length: number, first = 0) =>
  batchOf(
    'vm',
    Array.from({ length }, (_, n) => ({ entity: first + n, value: 1, atMs: 0 })),
  );

describe('the buffer', () => {
  it('hands out every row once and in order, or counts it as dropped', () => {
    const actions = fc.array(
      fc.oneof(fc.record({ offer: fc.nat(12) }), fc.record({ take: fc.integer({ min: 1, max: 9 }) })),
    );
    fc.assert(
      fc.property(actions, (list) => {
        const buffer = new SampleBuffer(20);
        const given: number[] = [];
        let offered = 0;
        for (const action of list) {
          if ('offer' in action) {
            buffer.offer(rowsOf(action.offer, offered));
            offered += action.offer;
          } else {
            given.push(...entitiesOf(buffer.next(action.take)));
          }
          expect(buffer.samples).toBeLessThanOrEqual(20);
          expect(given.length + buffer.samples + buffer.dropped).toBe(offered);
        }
        expect(given).toEqual([...new Set(given)].sort((a, b) => a - b));
      }),
    );
  });

  it('drops the oldest batch and keeps the newest', () => {
    const buffer = new SampleBuffer(10);
    for (const first of [0, 6]) buffer.offer(rowsOf(6, first));
    expect(entitiesOf(buffer.next(100))).toEqual([6, 7, 8, 9, 10, 11]);
    expect(buffer.dropped).toBe(6);
  });
});

describe('a source', () => {
  function watched() {
    const clock = new VirtualClock();
    const log = new KeptLog();
    const datacenter = new ObservedDatacenter(anInventory());
    const outage = new Outage('Sampling', 40 * SECOND, clock, log);
    const options = {
      intervalMs: 20 * SECOND,
      silentAfterMs: 80 * SECOND,
      interning: new InternedIds(),
      clock,
      outage,
    };
    const buffer = new SampleBuffer(1_000_000);
    const slices: Slice[] = [];
    const start = () =>
      samplesFrom(datacenter, options)
        .pipe(sliced(buffer, clock))
        .subscribe((slice) => slices.push(slice));
    const measure = () => datacenter.measure('vm', 'vm1', { cpuMhz: 1 }, clock.nowMs());
    return { clock, log, datacenter, slices, start, measure };
  }

  it('that cannot be opened is tried again with growing patience, and told of once', async () => {
    const { clock, log, datacenter, start } = watched();
    datacenter.beforeSampling = () => {
      throw new Error('refused');
    };
    start();
    const after: number[] = [];
    for (const seconds of [20, 40, 80, 160]) {
      await clock.advance(seconds * SECOND);
      after.push(datacenter.connections);
    }
    expect(after).toEqual([2, 3, 4, 5]);
    expect(log.lines).toEqual([expect.stringContaining('warn Sampling failed: refused')]);
  });

  it('that falls silent is opened again, and told of when it is back', async () => {
    const { clock, log, datacenter, slices, start, measure } = watched();
    start();
    measure();
    await clock.advance(101 * SECOND);
    expect([datacenter.connections, datacenter.open]).toEqual([2, 1]);
    measure();
    await clock.advance(MINUTE);
    measure();
    await clock.advance(0);
    expect(slices).toHaveLength(3);
    expect(log.lines.map((line) => line.split(' ')[0])).toEqual(['warn', 'info']);
  });

  it('of which a part keeps failing fills no log', async () => {
    const { clock, log, datacenter, start, measure } = watched();
    start();
    for (let n = 0; n < 10; n++) {
      datacenter.fail('h3 does not answer');
      measure();
      await clock.advance(20 * SECOND);
    }
    expect(log.lines).toHaveLength(1);
  });

  it('leaves nothing running when it is let go', async () => {
    const { clock, datacenter, start, measure } = watched();
    const subscription = start();
    measure();
    subscription.unsubscribe();
    expect([clock.pending, datacenter.open]).toEqual([0, 0]);
  });
});

it('a large batch comes in slices, a turn of the clock for each', async () => {
  const clock = new VirtualClock();
  const buffer = new SampleBuffer(1_000_000);
  const lengths: number[] = [];
  const batches = new Subject<ReturnType<typeof rowsOf>>();
  batches.pipe(sliced(buffer, clock)).subscribe(({ from, to }) => lengths.push(to - from));
  batches.next(rowsOf(SLICE_ROWS * 2 + 5));
  expect(lengths).toEqual([]);
  await clock.advance(0);
  expect(lengths).toEqual([SLICE_ROWS, SLICE_ROWS, 5]);
});

function entitiesOf(slice: Slice | undefined): number[] {
  return slice === undefined ? [] : [...slice.batch.entity.slice(slice.from, slice.to)];
}
