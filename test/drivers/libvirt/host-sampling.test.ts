import { describe, expect, test } from 'vitest';
import { GIB, SECOND } from '../../../src/domain/units.ts';
import { Guests } from '../../../src/drivers/libvirt/guests.ts';
import { HostSampling } from '../../../src/drivers/libvirt/host-sampling.ts';
import type { Hypervisor } from '../../../src/drivers/libvirt/hypervisor.ts';
import { COUNTER_RESET, type Interning, METRICS, type SampleBatch } from '../../../src/ports/samples.ts';

const UUID = '1ab00000-0000-4000-9000-000000000001';
const NS = 1e9;
const HOST = { id: 'h1', cores: 4, coreMhz: 2_000 };
const interning: Interning = { host: () => 0, vm: () => 0 };

/** What a guest's counters stand at; absent: it is not there. */
interface Reading {
  readonly atMs: number;
  readonly number?: number;
  readonly cpuSeconds?: number;
  readonly txBytes?: number;
}

function hypervisorAt({ number, cpuSeconds, txBytes, atMs }: Reading): Hypervisor {
  const domain = { name: 'web', uuid: UUID, number: number ?? 0 };
  const values = {
    'cpu.time': (cpuSeconds ?? 0) * NS,
    'net.count': 1,
    'net.0.tx.bytes': txBytes ?? 0,
    'net.0.rx.bytes': 0,
  };
  const busy = { kernel: 0, user: atMs * 1e6, idle: 3 * atMs * 1e6, iowait: 0 };
  return {
    cpuStats: async () => busy,
    memoryStats: async () => ({ total: GIB / 1024, free: 0 }),
    stats: async () => (number === undefined ? [] : [{ domain, values }]),
  } as Partial<Hypervisor> as Hypervisor;
}

/** The guest's rates of one metric at each reading; absent where there is none. */
async function ratesOf(metric: (typeof METRICS)[number], readings: readonly Reading[]) {
  const sampling = new HostSampling(interning, new Guests());
  const rates: (number | undefined)[] = [];
  for (const reading of readings) {
    const batches = await sampling.take(HOST, hypervisorAt(reading), () => reading.atMs);
    rates.push(valueIn(batches.find(({ kind }) => kind === 'vm')!, metric));
  }
  return rates;
}

function valueIn({ metric, value, length }: SampleBatch, wanted: (typeof METRICS)[number]): number | undefined {
  for (let row = 0; row < length; row++) if (METRICS[metric[row]!] === wanted) return value[row];
  return undefined;
}

describe('rates from the counters of a guest', () => {
  test.each([
    [
      'steady work',
      [
        { atMs: 0, number: 1, cpuSeconds: 100 },
        { atMs: SECOND, number: 1, cpuSeconds: 100.5 },
        { atMs: 2 * SECOND, number: 1, cpuSeconds: 101 },
      ],
      [undefined, 1_000, 1_000],
    ],
    [
      'a start anew, with less on the counter',
      [
        { atMs: 0, number: 1, cpuSeconds: 100 },
        { atMs: SECOND, number: 2, cpuSeconds: 2 },
        { atMs: 2 * SECOND, number: 2, cpuSeconds: 2.5 },
      ],
      [undefined, undefined, 1_000],
    ],
    [
      'a start anew, with more on the counter',
      [
        { atMs: 0, number: 1, cpuSeconds: 1 },
        { atMs: SECOND, number: 2, cpuSeconds: 900 },
        { atMs: 2 * SECOND, number: 2, cpuSeconds: 900.5 },
      ],
      [undefined, undefined, 1_000],
    ],
    [
      'gone to another host and back',
      [
        { atMs: 0, number: 1, cpuSeconds: 100 },
        { atMs: SECOND },
        { atMs: 2 * SECOND, number: 7, cpuSeconds: 5_000 },
        { atMs: 3 * SECOND, number: 7, cpuSeconds: 5_000.5 },
      ],
      [undefined, undefined, undefined, 1_000],
    ],
    [
      'a counter that runs backwards',
      [
        { atMs: 0, number: 1, cpuSeconds: 100 },
        { atMs: SECOND, number: 1, cpuSeconds: 90 },
        { atMs: 2 * SECOND, number: 1, cpuSeconds: 90.5 },
      ],
      [undefined, COUNTER_RESET, 1_000],
    ],
    [
      'asked twice in a moment, with a tick in between',
      [
        { atMs: 0, number: 1, cpuSeconds: 100 },
        { atMs: SECOND, number: 1, cpuSeconds: 100.5 },
        { atMs: SECOND + 2, number: 1, cpuSeconds: 100.51 },
        { atMs: 2 * SECOND, number: 1, cpuSeconds: 101 },
      ],
      [undefined, 1_000, undefined, 1_000],
    ],
  ] as const)('are never absurd: %s', async (_, readings, expected) => {
    const rates = await ratesOf('cpuMhz', readings);
    expect(rates.map((rate) => (rate === undefined ? undefined : Math.round(rate)))).toEqual(expected);
  });

  test('its network too', async () => {
    const readings = [
      { atMs: 0, number: 1, txBytes: 5e12 },
      { atMs: SECOND, number: 2, txBytes: 9e12 },
      { atMs: 2 * SECOND, number: 2, txBytes: 9e12 + 100 },
    ];
    expect(await ratesOf('netTxBytesPerS', readings)).toEqual([undefined, undefined, 100]);
  });
});
