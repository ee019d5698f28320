/**
 * Holds this experiment against what was published and measured with the original, for every day given that is known.
 * `node test/bench/planetlab/published.ts FOLDER_OF_DAYS` prints a line per run and fails where one is off.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readPlanetLab } from '../../../src/traces/planetlab.ts';
import type { Rule } from './detectors.ts';
import { measure, type PublishedName } from './measure.ts';
import { COMPATIBLE } from './settings.ts';

type Row = readonly [
  day: string,
  rule: Rule,
  policy: PublishedName,
  kwh: number,
  migrations: number,
  esvE3: number | undefined,
  shutdowns?: number,
];

const PUBLISHED: readonly Row[] = [
  ['20110303', '3.0.3', 'npa', 2410.8, 0, 0, 455],
  ['20110303', '3.0.3', 'dvfs', 802.75, 0, 0, 455],
  ['20110303', '3.0.3', 'thr', 192.62, 26711, 6.117, 5885],
  ['20110303', '3.0.3', 'iqr', 189.98, 26282, 5.713, 5868],
  ['20110303', '3.0.3', 'mad', 185.79, 26556, 6.208, 5828],
  ['20110303', '3.0.3', 'lr', 163.48, 27859, 7.592, 5053],
  ['20110303', '3.0', 'lr', 116.83, 17450, 2.787],
  ['20110303', '3.0', 'thr', 119.34, 27092, 6.19],
  ['20110306', '3.0.3', 'dvfs', 625.53, 0, 0, 544],
  ['20110306', '3.0.3', 'thr', 144.74, 20908, 5.205, 4682],
  ['20110306', '3.0.3', 'iqr', 143.97, 20742, 4.858, 4703],
  ['20110306', '3.0.3', 'mad', 140.07, 20682, 5.243, 4593],
  ['20110306', '3.0.3', 'lr', 123.28, 20878, 5.701, 4018],
  ['20110306', '3.0', 'lr', 87.3, 13309, 1.882],
  ['20110309', '3.0.3', 'dvfs', 704.93, 0, 0, 584],
  ['20110309', '3.0.3', 'thr', 165.27, 23475, 6.696, 5139],
  ['20110309', '3.0.3', 'iqr', 166.75, 23772, 6.478, 5222],
  ['20110309', '3.0.3', 'mad', 163.01, 23476, 6.373, 5178],
  ['20110309', '3.0.3', 'lr', 142.09, 24959, 8.548, 4563],
  ['20110309', '3.0', 'lr', 98.53, 17652, 3.554],
];

/** Half of the last digit that was printed. */
const PRINTED_KWH = 0.0051;
const PRINTED_ESV_E3 = 0.0051;

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('a folder of PlanetLab days is missing: node test/bench/planetlab/published.ts FOLDER\n');
  process.exitCode = 2;
} else {
  const days = [...new Set(PUBLISHED.map(([day]) => day))].filter((day) => existsSync(join(folder, `${day}.csv.gz`)));
  let off = 0;
  for (const day of days) off += await validate(folder, day);
  process.stdout.write(`${days.length} days, ${off} runs that differ from what was published\n`);
  process.exitCode = off > 0 || days.length === 0 ? 1 : 0;
}

async function validate(from: string, day: string): Promise<number> {
  const percents: Uint8Array[] = [];
  for await (const row of readPlanetLab(join(from, `${day}.csv.gz`))) percents.push(row.percents);
  let off = 0;
  for (const [of, rule, policy, kwh, migrations, esvE3, shutdowns] of PUBLISHED) {
    if (of !== day) continue;
    const found = measure(percents, COMPATIBLE, policy, rule);
    const isSame =
      Math.abs(found.energyKwh - kwh) < PRINTED_KWH &&
      found.migrations === migrations &&
      Math.abs(found.esv * 1e3 - (esvE3 ?? found.esv * 1e3)) < PRINTED_ESV_E3 &&
      (shutdowns === undefined || found.shutdowns === shutdowns);
    if (!isSame) off += 1;
    const figures = `${found.energyKwh.toFixed(2)} kWh (${kwh}), ${found.migrations} migrations (${migrations})`;
    const rest = `ESV ${(found.esv * 1e3).toFixed(3)}e-3 (${esvE3 ?? '-'}), ${found.shutdowns} shutdowns (${shutdowns ?? '-'})`;
    process.stdout.write(
      `${isSame ? 'same' : 'OFF '} ${day} ${rule.padEnd(5)} ${policy.padEnd(4)} ${figures}, ${rest}\n`,
    );
  }
  return off;
}
