/**
 * How far Drover is from what it has to show, on days and on days made up of them: a line per day, negative where it falls
 * short. `node test/bench/planetlab/margins.ts compatible|repaired SEEDS DAY.csv.gz...`; 0 seeds: the days themselves.
 * The peer is LR-MMT-1.2 under the rule of 3.0, the one that needs least energy in both settings.
 */
import { readPlanetLab } from '../../../src/traces/planetlab.ts';
import { greenPolicies } from './green-profile.ts';
import { madeUpDay } from './made-up-day.ts';
import { measure, measureGreen } from './measure.ts';
import { SETTINGS } from './settings.ts';

/** What may be reached of the peer's figures at most. */
const SHARES = {
  compatible: { energyKwh: 1, migrations: 1 / 3, esv: 1 / 5, underAllocation: 1 },
  repaired: { energyKwh: 0.9, migrations: 1 / 5, powerCycles: 1 / 5, underAllocation: 1 },
} as const;

const [setting = '', seeds = '', ...files] = process.argv.slice(2);
if (!isSetting(setting) || !/^\d+$/.test(seeds) || files.length === 0) {
  process.stderr.write('wanted: compatible|repaired SEEDS DAY.csv.gz...\n');
  process.exit(2);
}
const days = await Promise.all(files.map(dayIn));
const policies = await greenPolicies();
if (seeds === '0') for (const [i, day] of days.entries()) tell(files[i]!, day);
for (let seed = 1; seed <= Number(seeds); seed++) tell(`seed ${seed}`, madeUpDay(days, seed));

function tell(name: string, day: readonly Uint8Array[]): void {
  const shares: Readonly<Record<string, number>> = SHARES[setting as keyof typeof SHARES];
  const peer: Readonly<Record<string, number>> = measure(day, SETTINGS[setting as keyof typeof SHARES], 'lr', '3.0');
  const green: Readonly<Record<string, number>> = measureGreen(
    day,
    SETTINGS[setting as keyof typeof SHARES],
    '3.0',
    policies,
  );
  const margins = Object.entries(shares).map(([figure, share]) => {
    return `${figure} ${(100 * (1 - green[figure]! / (peer[figure]! * share))).toFixed(1)} %`;
  });
  const kwh = `${green.energyKwh!.toFixed(2)} kWh (peer ${peer.energyKwh!.toFixed(2)})`;
  process.stdout.write(`${name}: ${day.length} VMs, ${kwh}, to spare: ${margins.join(', ')}\n`);
}

function isSetting(name: string): name is keyof typeof SHARES {
  return name in SHARES;
}

async function dayIn(file: string): Promise<Uint8Array[]> {
  const rows: Uint8Array[] = [];
  for await (const { percents } of readPlanetLab(file)) rows.push(percents);
  return rows;
}
