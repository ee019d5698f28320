import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { GIB, MINUTE } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import type { MetricSource, SampleBatch } from '../../src/ports/samples.ts';
import { backFill } from '../../src/traces/back-fill.ts';
import { joinFields, splitFields } from '../../src/traces/fields.ts';
import type { TraceRow } from '../../src/traces/format.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { readRecorded } from '../../src/traces/recorded.ts';
import { Recorder } from '../../src/traces/recorder.ts';
import { TraceWriter } from '../../src/traces/write-trace.ts';
import { aHost, anInventory, aVm, NOON_MS } from '../kit/fleet.ts';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = () => join(folder, `t${++count}`);

async function all(path: string): Promise<TraceRow[]> {
  const rows: TraceRow[] = [];
  for await (const row of readTrace(path)) rows.push(row);
  return rows;
}

function file(text: string, name = 'trace.csv'): string {
  const at = fresh();
  mkdirSync(at);
  writeFileSync(join(at, name), text);
  return join(at, name);
}

const tableIn = (part: string, text: string) => file(`# ${part}\n${text}`);

describe('a trace', () => {
  it('is written and read again, row by row', async () => {
    const to = fresh();
    const writer = await TraceWriter.in(to);
    const host = { id: 'h1', cpuMhz: 80_000, cores: 32, memoryBytes: 2 ** 37, rack: 'r, 1', wattsByLoad: [100, 250.5] };
    const vm = { id: 'a "b"', host: 'h1', vcpus: 2 };
    const sample = { atMs: NOON_MS, kind: 'vm' as const, id: vm.id, values: { cpuMhz: 0.1 + 0.2, liveSessions: 0 } };
    const event = { atMs: NOON_MS, kind: 'vm-moved' as const, id: vm.id, from: 'h1', to: 'h2' };
    await writer.hosts([host]);
    await writer.vms([vm]);
    await writer.samples('vm', [sample]);
    await writer.events([event]);
    await writer.close();
    expect(await all(to)).toEqual([
      { part: 'hosts', row: host },
      { part: 'vms', row: vm },
      { part: 'samples', row: sample },
      { part: 'events', row: event },
    ]);
  });

  it('may be one file, packed or not, with columns in any order', async () => {
    const text = '# vms\nvcpus,id\n2,a\n\n# samples\nkind,id,atMs,cpuMhz\nvm,a,1000,5\n';
    const expected = [
      { part: 'vms', row: { id: 'a', vcpus: 2 } },
      { part: 'samples', row: { atMs: 1000, kind: 'vm', id: 'a', values: { cpuMhz: 5 } } },
    ];
    expect(await all(file(text))).toEqual(expected);
    const packed = join(folder, 'one.csv.gz');
    writeFileSync(packed, gzipSync(text));
    expect(await all(packed)).toEqual(expected);
  });

  it.each([
    ['samples', 'atMs,kind,id\n1,vm,a\n2,vmm,a\n', 'line 4, column 2: kind "vmm" should be one of host, vm'],
    ['samples', 'atMs,kind,id\n1.5,vm,a\n', 'line 3, column 1: atMs "1.5" should be an instant in whole milliseconds'],
    ['samples', 'atMs,kind,id,cpuMhz\n1,vm,a,-2\n', 'column 4: cpuMhz "-2" should be a number that is not negative'],
    ['samples', 'atMs,kind,id,cpuMhz\n1,vm,a\n', 'line 3: has 3 fields, should have 4 like the header'],
    ['samples', 'atMs,kind\n', 'line 2: the header of samples should have a column id'],
    ['vms', 'id,cpu\n', 'line 2, column 2: vms have no column "cpu"; known: id, host'],
    ['vms', 'id,id\n', 'line 2, column 2: the column id is there twice'],
    ['vms', 'id\n"a\n', 'line 3: has a quote that is not closed'],
    ['vms', 'host,id\nh1,\n', 'line 3, column 2: id is empty, should be an id'],
    ['hosts', 'id,wattsByLoad\nh,100;x\n', 'column 2: wattsByLoad "x" should be a number'],
    ['guests', 'id\n', 'line 1: "guests" should be one of hosts, vms, samples, events'],
  ])('of %s: %j says what is wrong', async (part, text, words) => {
    await expect(all(tableIn(part, text))).rejects.toThrow(words);
  });

  it('says what lacks in a folder', async () => {
    const empty = fresh();
    mkdirSync(empty);
    await expect(all(empty)).rejects.toThrow('has no parts, should have files such as vms.csv');
    writeFileSync(join(empty, 'other.csv'), '');
    await expect(all(empty)).rejects.toThrow('other.csv: its name should begin with hosts, vms, samples, events');
    await expect(all(join(folder, 'nowhere'))).rejects.toThrow('there is no such file or folder');
    await expect(TraceWriter.in(empty)).rejects.toThrow('holds other.csv already');
  });

  it('leaves out a last line that is cut off', async () => {
    expect(await all(tableIn('vms', 'id,vcpus\na,1\nb,'))).toHaveLength(1);
  });

  it('splits what it joins', () => {
    const field = fc.string().map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(splitFields(joinFields(fields))).toEqual(fields);
      }),
    );
  });
});

describe('recording', () => {
  const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2' })];
  const at = (minute: number) => NOON_MS + minute * 60_000;

  it('writes what is there once, what is wanted each time, and what has changed as events', async () => {
    const to = fresh();
    const recorder = new Recorder(await TraceWriter.in(to));
    const [a, b] = [aVm({ id: 'a', demand: { cpuMhz: 500 } }), aVm({ id: 'b', known: false })];
    expect(await recorder.take(anInventory({ atMs: at(0), hosts, vms: [a, b] }))).toBe(true);
    expect(await recorder.take(anInventory({ atMs: at(0), hosts, vms: [a, b] }))).toBe(false);
    const later = { atMs: at(1), hosts: [hosts[0]!, { ...hosts[1]!, power: 'off' as const }] };
    await recorder.take(anInventory({ ...later, vms: [{ ...a, host: 'h2' }, aVm({ id: 'c' })] }));
    const rows = await all(to);
    const words = rows.map(({ part, row }) => {
      const atMinute = 'atMs' in row ? (row.atMs - NOON_MS) / 60_000 : '';
      return [part, atMinute, 'kind' in row ? row.kind : '', row.id].join(' ').replaceAll(/ +/g, ' ');
    });
    expect(words).toEqual([
      'hosts h1',
      'hosts h2',
      'vms a',
      'vms b',
      'vms c',
      'samples 0 vm a',
      'samples 1 vm a',
      'samples 1 vm c',
      'events 1 host-power h2',
      'events 1 vm-moved a',
      'events 1 vm-appeared c',
      'events 1 vm-gone b',
    ]);
  });

  it('is there in whole lines before it ends, and goes on after a torn one was left by others', async () => {
    const to = fresh();
    const recorder = new Recorder(await TraceWriter.in(to));
    await recorder.take(anInventory({ atMs: at(0), hosts, vms: [aVm({ id: 'a' })] }));
    const samples = join(to, readdirSync(to).find((name) => name.startsWith('samples'))!);
    expect(readFileSync(samples, 'utf8').endsWith('\n')).toBe(true);
    appendFileSync(samples, '17,vm,');
    expect((await all(to)).filter(({ part }) => part === 'samples')).toHaveLength(1);
  });

  it('takes the past from a store piece by piece', async () => {
    const to = fresh();
    const writer = await TraceWriter.in(to);
    const batch = (kind: 'host' | 'vm', rows: readonly (readonly [number, number, number, number])[]): SampleBatch => ({
      kind,
      length: rows.length,
      entity: Uint32Array.from(rows, ([entity]) => entity),
      metric: Uint8Array.from(rows, ([, metric]) => metric),
      value: Float64Array.from(rows, ([, , value]) => value),
      atMs: Float64Array.from(rows, ([, , , atMs]) => atMs),
    });
    const source: MetricSource = {
      name: 'a store',
      measures: [],
      sample: () => () => {},
      async *history(_wish, interning) {
        const [a, b] = [interning.vm('a'), interning.vm('b')];
        yield batch('vm', [
          [a, 0, 100, 1000],
          [b, 0, 7, 1000],
          [a, 1, 2048, 1000],
          [a, 0, Number.NaN, 2000],
        ]);
        yield batch('vm', [[interning.vm('c'), 0, 9, 3000]]);
      },
    };
    const filled = await backFill(source, { fromMs: 0, toMs: 3000, stepMs: 1000 }, writer, () => {});
    await writer.close();
    expect(filled).toEqual({ hosts: 0, vms: 3, samples: 3 });
    const samples = (await all(to)).flatMap(({ part, row }) => (part === 'samples' ? [row] : []));
    expect(samples).toEqual([
      { atMs: 1000, kind: 'vm', id: 'a', values: { cpuMhz: 100, memoryActiveBytes: 2048 } },
      { atMs: 1000, kind: 'vm', id: 'b', values: { cpuMhz: 7 } },
      { atMs: 3000, kind: 'vm', id: 'c', values: { cpuMhz: 9 } },
    ]);
  });
});

describe('a trace as load', () => {
  const samples = (rows: string) => `# samples\natMs,kind,id,cpuCores\n${rows}`;

  it('is in shares of what each VM has, by intervals that the first two instants tell', async () => {
    const vms = '# vms\nid,vcpus\na,2\n';
    const rows = '0,vm,a,1\n0,vm,b,0.5\n60000,vm,a,2\n60000,vm,b,3\n180000,vm,a,0.5\n';
    const { intervalSeconds, percents } = await readRecorded(file(vms + samples(rows)));
    expect(intervalSeconds).toBe(60);
    // b never says what it has: 100 % becomes four cores, and the third interval of a is as the one before.
    expect(percents.map((each) => [...each])).toEqual([
      [50, 100, 100, 25],
      [13, 75],
    ]);
  });

  it('tells MHz by the host, where that says how fast its cores are', async () => {
    const stated = '# hosts\nid,cpuMhz,cores\nh,4000,4\n# vms\nid,host,vcpus\na,h,1\n';
    const path = file(`${stated}# samples\natMs,kind,id,cpuMhz\n0,vm,a,250\n60000,vm,a,500\n`);
    expect([...(await readRecorded(path)).percents[0]!]).toEqual([25, 50]);
  });

  it('knows PlanetLab by its form, and says where there is nothing to go by', async () => {
    const { intervalSeconds, percents } = await readRecorded(file('a,1,2\n'));
    expect([intervalSeconds, [...percents[0]!]]).toEqual([300, [1, 2]]);
    await expect(readRecorded(file('# vms\nid\na\n'))).rejects.toThrow('holds no samples of the processors of VMs');
  });

  it('gives back the datacenter that was recorded: hosts, where VMs were at first, and who came and went', async () => {
    const path = fresh();
    const writer = await TraceWriter.in(path);
    const recorder = new Recorder(writer);
    const hosts = [aHost({ id: 'h1' }), aHost({ id: 'h2', power: 'off' }), aHost({ id: 'h3', maintenance: true })];
    const at = (minute: number, vms: readonly Vm[]) =>
      recorder.take({ ...anInventory({ hosts, vms }), atMs: NOON_MS + minute * MINUTE });
    const [a, b, c] = ['a', 'b', 'c'].map((id) => aVm({ id, vcpus: 2, demand: { cpuMhz: 2_500, memoryBytes: GIB } }));
    await at(0, [b!, a!]);
    await at(5, [b!, a!, c!]);
    await at(10, [b!, c!]);
    await writer.close();
    const { datacenter, percents, intervalSeconds } = await readRecorded(path);
    expect(intervalSeconds).toBe(300);
    expect(datacenter?.inventory).toMatchObject({
      atMs: NOON_MS,
      hosts: [
        { id: 'h1', power: 'on', cores: hosts[0]!.cores, capacity: { cpuMhz: hosts[0]!.capacity.cpuMhz } },
        { power: 'off' },
        { maintenance: true },
      ],
      vms: [{ id: 'a', host: 'h1' }, { id: 'b' }, { id: 'c' }],
    });
    expect(datacenter?.comings).toEqual([
      { kind: 'appears', vm: 'c', atMs: NOON_MS + 5 * MINUTE, host: 'h1' },
      { kind: 'goes', vm: 'a', atMs: NOON_MS + 10 * MINUTE },
    ]);
    expect(percents).toHaveLength(3);
    const wanted = (percents[1]![0]! / 100) * datacenter!.inventory.vms[1]!.demand.cpuMhz;
    expect(wanted).toBeCloseTo(2_500, -2);
  });
});
