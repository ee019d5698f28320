import { expect, test } from 'vitest';
import { table } from '../../src/cli/table.ts';

test('aligns cells, numbers to the right, and leaves no spaces at the ends', () => {
  const columns = [{ title: 'HOST' }, { title: 'VMS', align: 'right' }, { title: 'REMARKS' }] as const;
  expect(
    table(columns, [
      ['h1', '5', ''],
      ['hyper-10', '120', '3 → 4'],
    ]),
  ).toEqual(['HOST      VMS  REMARKS', 'h1          5', 'hyper-10  120  3 → 4']);
});

test('cuts what would push the rest off the screen, except at the end', () => {
  const long = 'x'.repeat(40);
  expect(table([{ title: 'A' }, { title: 'B' }], [[long, long]])[1]).toBe(`${'x'.repeat(31)}…  ${long}`);
});
