import { Lab } from './lab.ts';

export interface LabCase {
  readonly name: string;
  /** What was not as it must be. */
  readonly run: (lab: Lab) => Promise<readonly string[]>;
}

/** Each in turn in a laboratory of so many hosts, and how many passed; what throws has failed with what it said. */
export async function tryAll(
  hosts: number,
  cases: readonly LabCase[],
  before: (lab: Lab) => Promise<void>,
): Promise<number> {
  const lab = new Lab(Lab.folderOf(process.argv.slice(2)));
  let failed = 0;
  try {
    await lab.up(hosts);
    await before(lab);
    for (const { name, run } of cases) {
      const faults = await run(lab).catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
      if (faults.length > 0) failed += 1;
      process.stdout.write(`${name}: ${faults.join('; ') || 'in order'}\n`);
    }
  } finally {
    await lab.down();
  }
  process.stdout.write(`${cases.length - failed} passed, ${failed} failed\n`);
  return failed === 0 && cases.length > 0 ? 0 : 1;
}
