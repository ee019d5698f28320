import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type PlanetLabRow, readPlanetLab } from '../../src/traces/planetlab.ts';

const folder = mkdtempSync(join(tmpdir(), 'planetlab-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(text: string | Buffer, name = 'day.csv'): Promise<PlanetLabRow[]> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const rows: PlanetLabRow[] = [];
  for await (const row of readPlanetLab(file)) rows.push(row);
  return rows;
}

describe('PlanetLab traces', () => {
  it.each([
    ['plain', (text: string) => text, 'day.csv'],
    ['packed', (text: string) => gzipSync(text), 'day.csv.gz'],
    ['with line ends of another kind', (text: string) => text.replaceAll('\n', '\r\n'), 'day.csv'],
  ])('are read %s', async (_how, made, name) => {
    const rows = await read(made('a,1,2,99\nb,0,0,100\n'), name);
    expect(rows.map((row) => [row.name, ...row.percents])).toEqual([
      ['a', 1, 2, 99],
      ['b', 0, 0, 100],
    ]);
  });

  it.each([
    ['a,1,2\nb,1,x\n', 'day.csv, line 2, column 3: "x" should be a whole number of percent, 0 to 100'],
    ['a,1,101\n', 'day.csv, line 1, column 3: "101" should be'],
    ['a,1,\n', 'day.csv, line 1, column 3: "" should be'],
    ['a,1,2\nb,1\n', 'day.csv, line 2: has 1 percentages, should have 2'],
    ['a,1\n\na,1\n', 'day.csv, line 3, column 1: "a" was in line 1 already'],
    [',1\n', 'day.csv, line 1, column 1: is empty, should be the name of a VM'],
    ['a\n', 'day.csv, line 1: has a name and nothing else'],
    ['', 'day.csv: is empty, should have one line for each VM'],
  ])('say what is wrong with %j', async (text, words) => {
    await expect(read(text)).rejects.toThrow(words);
  });

  it.each([
    ['no gzip file', 'a,1\n', 'it is not a gzip file, though its name ends in .gz'],
    ['cut short', gzipSync('a,1,2\n'.repeat(1000)).subarray(0, 30), 'it ends in the middle'],
  ])('say when a file is %s', async (_what, content, words) => {
    await expect(read(content, 'other.csv.gz')).rejects.toThrow(words);
  });

  it('say when there is no file', async () => {
    const rows = readPlanetLab(join(folder, 'nowhere.csv'));
    await expect(rows.next()).rejects.toThrow('nowhere.csv: there is no such file');
  });
});
