import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { GIB } from '../../src/domain/units.ts';
import { HOST_SERIES, VM_SERIES } from '../../src/telemetry/fleet-series.ts';
import { type SeriesChoice, SeriesStream, seriesCounts } from '../../src/telemetry/stream-series.ts';
import { Telemetry } from '../../src/telemetry/telemetry.ts';
import { aHost, aSnapshot, aVm, many } from '../kit/fleet.ts';
import { twoHosts } from '../serve/fake-daemon.ts';
import { seriesValue } from './scrape.ts';

const ALL: SeriesChoice = { perHost: true, perVm: true, most: 1_000_000 };
const PER_VM = VM_SERIES.length + 1;

function streamed(snapshot: Snapshot, choice = ALL, stream = new SeriesStream()): string[] {
  const decoder = new TextDecoder();
  let text = '';
  for (const chunk of stream.chunks(snapshot, seriesCounts(choice, snapshot), 'text')) text += decoder.decode(chunk);
  return text.split('\n').slice(0, -1);
}

const samples = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('#'));

describe('series of single hosts and VMs', () => {
  test('say what the columns say', () => {
    const lines = streamed(twoHosts());
    for (const line of [
      'drover_host_used_ratio{host="h1",resource="cpu"} 0.5125',
      'drover_host_power_watts{host="h1"} 212.3',
      'drover_host_power_watts{host="h3"} 6',
      'drover_host_vms{host="h1"} 2',
      'drover_host_on{host="h3"} 0',
      'drover_host_known{host="h3"} 1',
      'drover_vm_cpu_hertz{vm="web"} 40000000000',
      `drover_vm_memory_bytes{vm="db"} ${4 * GIB}`,
      'drover_vm_place{vm="web",host="h1"} 1',
    ]) {
      expect(lines).toContain(line);
    }
    expect(samples(lines)).toHaveLength(3 * HOST_SERIES.length + 2 * PER_VM);
  });

  test('each family is headed once and stays together', () => {
    const lines = streamed(twoHosts());
    const families = lines.map((line) => /^(?:# \w+ )?(\w+)/.exec(line)![1]!);
    const changes = families.filter((family, i) => family !== families[i - 1]);
    expect(new Set(changes).size).toBe(changes.length);
    expect(lines.filter((line) => line.startsWith('# TYPE')).length).toBe(changes.length);
  });

  test('ids of any kind are written so that they can be read', () => {
    const ids = ['a"b', 'c\\d', 'e\nf', 'größe-✓'];
    const lines = streamed(aSnapshot({ hosts: ids.map((id) => aHost({ id })) }));
    const known = lines.filter((line) => line.startsWith('drover_host_known'));
    expect(known).toEqual(['a\\"b', 'c\\\\d', 'e\\nf', 'größe-✓'].map((id) => `drover_host_known{host="${id}"} 1`));
  });

  test('labels follow the ids when these change, and chunks meet where they should', () => {
    const stream = new SeriesStream();
    const fleet = (count: number) =>
      aSnapshot({ hosts: [aHost()], vms: many(count, (n) => aVm({ id: `vm-${n}`, demand: { cpuMhz: n } })) });
    for (const count of [20_000, 3]) {
      const cpu = streamed(fleet(count), ALL, stream).filter((line) => line.startsWith('drover_vm_cpu_hertz{'));
      expect(cpu).toEqual(many(count, (n) => `drover_vm_cpu_hertz{vm="vm-${n}"} ${n * 1e6}`));
    }
  });

  test('two scrapes at a time do not get into each other’s way', () => {
    const stream = new SeriesStream();
    const fleet = (name: string) => aSnapshot({ vms: many(9_000, (n) => aVm({ id: `${name}-${n}` })) });
    const expected = (snapshot: Snapshot) => streamed(snapshot).join('\n');
    const [one, other] = [fleet('one'), fleet('other')];
    const texts = ['', ''];
    const running = [one, other].map((fleet) => stream.chunks(fleet, seriesCounts(ALL, fleet), 'text'));
    for (let isOver = false; !isOver; ) {
      isOver = true;
      running.forEach((chunks, i) => {
        const { value, done } = chunks.next();
        if (done === true) return;
        isOver = false;
        texts[i] += new TextDecoder().decode(value);
      });
    }
    expect(texts.map((text) => text.trimEnd())).toEqual([expected(one), expected(other)]);
  });
});

describe('how many', () => {
  test.each<[Partial<SeriesChoice>, { hosts: number; vms: number }]>([
    [{}, { hosts: 3, vms: 2 }],
    [{ perVm: false }, { hosts: 3, vms: 0 }],
    [{ perHost: false }, { hosts: 0, vms: 2 }],
    [{ most: 0 }, { hosts: 0, vms: 0 }],
    [{ most: 2 * HOST_SERIES.length }, { hosts: 2, vms: 0 }],
    [{ most: 3 * HOST_SERIES.length + PER_VM }, { hosts: 3, vms: 1 }],
  ])('%o', (choice, expected) => {
    const counts = seriesCounts({ ...ALL, ...choice }, twoHosts());
    expect(counts).toEqual(expected);
    expect(samples(streamed(twoHosts(), { ...ALL, ...choice }))).toHaveLength(
      expected.hosts * HOST_SERIES.length + expected.vms * PER_VM,
    );
  });

  test('what is left out is told; what was not asked for is not left out', async () => {
    const settings = { perHostSeries: true, perVmSeries: false, mostSeries: HOST_SERIES.length, undoneWithinHours: 4 };
    const telemetry = new Telemetry({ version: '0', cluster: 'meadow', driver: 'simulated' }, settings);
    telemetry.snapshotTaken({ snapshot: twoHosts(), oldestAgeMs: 0, unknown: [], droppedSamples: 0 });
    expect(await seriesValue(telemetry, 'drover_series_left_out{kind="host"}')).toBe(2);
    expect(await seriesValue(telemetry, 'drover_series_left_out{kind="vm"}')).toBe(0);
    expect(await seriesValue(telemetry, 'drover_host_on{host="h1"}')).toBe(1);
    expect(await seriesValue(telemetry, 'drover_host_on{host="h2"}')).toBeUndefined();
  });
});
