/**
 * How much memory and time it takes to write a long trace and to read it again.
 * `npm run -s bench:traces -- --vms 10000 --days 1 --minutes 5 --json`
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE } from '../../src/domain/units.ts';
import { hashedShare } from '../../src/simulator/random.ts';
import type { SampleRow } from '../../src/traces/format.ts';
import { readTrace } from '../../src/traces/read-trace.ts';
import { readRecorded } from '../../src/traces/recorded.ts';
import { TraceWriter } from '../../src/traces/write-trace.ts';
import { benchArguments } from './arguments.ts';

const { json, vms, days, minutes } = benchArguments({ vms: 10_000, days: 1, minutes: 5 });
const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'drover-traces-'));

try {
  const writing = await timed(() => write(folder));
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const reading = await timed(async () => {
    let rows = 0;
    for await (const { part } of readTrace(folder)) rows += Number(part === 'samples');
    return rows;
  });
  const asLoad = await timed(async () => (await readRecorded(folder)).percents.length);
  const line = {
    ...{ vms, days, minutes, samples: reading.result, megabytes: Math.round(bytes / MIB) },
    ...{ writingCpuS: writing.cpuS, readingCpuS: reading.cpuS, asLoadCpuS: asLoad.cpuS },
    ...{
      peakRssMib: Math.round(process.resourceUsage().maxRSS / 1024),
      rssMib: [writing, reading, asLoad].map((each) => each.rssMib),
    },
  };
  process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${JSON.stringify(line, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

async function write(to: string): Promise<void> {
  const writer = await TraceWriter.in(to);
  const ids = Array.from({ length: vms }, (_, vm) => `vm-${vm}`);
  await writer.vms(ids.map((id) => ({ id, vcpus: 4, memoryBytes: 8 * 2 ** 30 })));
  for (let atMs = 0, step = 0; atMs < days * 1440 * MINUTE; atMs += minutes * MINUTE, step++) {
    const rows = ids.map((id, vm): SampleRow => {
      const share = hashedShare(7, vm, step);
      return {
        atMs,
        kind: 'vm',
        id,
        values: { cpuMhz: Math.round(1e4 * share), memoryActiveBytes: Math.round(4e9 * share) },
      };
    });
    await writer.samples('vm', rows);
  }
  await writer.close();
}

async function timed<T>(work: () => Promise<T>) {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    result,
    cpuS: Number(((user + system) / 1e6).toFixed(2)),
    rssMib: Math.round(process.memoryUsage.rss() / MIB),
  };
}
