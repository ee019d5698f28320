import { linesOf } from './lines.ts';
import { quoted, type Spot, TraceTrouble, troubleAt } from './trouble.ts';

/** How much of its own processor one VM wanted, in whole percent, once per interval. */
export interface PlanetLabRow {
  readonly name: string;
  readonly percents: Uint8Array;
}

export const PLANETLAB_INTERVAL_SECONDS = 300;
const MOST_PERCENT = 100;

/** One VM after the other, in the order of the file. */
export async function* readPlanetLab(file: string): AsyncGenerator<PlanetLabRow> {
  const names = new Map<string, number>();
  let length = 0;
  for await (const { number: line, text } of linesOf(file)) {
    const [name = '', ...fields] = text.split(',');
    const before = names.get(name);
    if (name === '') throw troubleAt({ file, line, column: 1 }, 'is empty, should be the name of a VM');
    if (before !== undefined) {
      throw troubleAt({ file, line, column: 1 }, `${quoted(name)} was in line ${before} already; one line for each VM`);
    }
    if (fields.length === 0)
      throw troubleAt({ file, line }, 'has a name and nothing else; one percentage for each interval');
    if (length === 0) length = fields.length;
    if (fields.length !== length) {
      throw troubleAt({ file, line }, `has ${fields.length} percentages, should have ${length} like the lines before`);
    }
    names.set(name, line);
    const percents = Uint8Array.from(fields, (field, f) => percentOf(field, { file, line, column: f + 2 }));
    yield { name, percents };
  }
  if (length === 0) throw new TraceTrouble(`${file}: is empty, should have one line for each VM`);
}

function percentOf(field: string, spot: Spot): number {
  const percent = field.trim() === '' ? Number.NaN : Number(field);
  if (Number.isInteger(percent) && percent >= 0 && percent <= MOST_PERCENT) return percent;
  throw troubleAt(spot, `${quoted(field)} should be a whole number of percent, 0 to ${MOST_PERCENT}`);
}
