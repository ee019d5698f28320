/**
 * What tests of policies may use: `import { aHost, aVm, describePolicy } from '#testing'`.
 * `describePolicy` checks each row, and polices the laws that every policy must keep.
 */
import { describe, expect, it } from 'vitest';
import { TOO_LATE, withDeadline } from '../../src/daemon/deadline.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import { SECOND } from '../../src/domain/units.ts';
import type { Policy } from '../../src/sdk/policy.ts';
import { afterwards } from './afterwards.ts';
import { LAWS_OF_POLICY, LAWS_OF_ROW } from './policy-laws.ts';
import { changesIn, decideOnRow, inventoryOf, type PolicyRow } from './policy-row.ts';

export { GBIT_PER_S, GIB, MINUTE } from '../../src/domain/units.ts';
export { aHost, aVm, many, NOON_MS } from './fleet.ts';
export type { PolicyRow } from './policy-row.ts';

/** Not a measure of speed: only a policy that loops without end is still busy then. */
const ENDLESS_MS = 20 * SECOND;
/** Digits of money per hour that must agree. */
const MONEY_DIGITS = 6;
const MOST_COMPLAINTS = 5;

export function describePolicy(policy: Policy, rows: readonly PolicyRow[]): void {
  if (typeof policy?.id !== 'string') throw new Error('there is no policy to test: policy.ts exports none by default');
  const inTime = endingInTime();
  describe(`policy ${policy.id}`, () => {
    describe.each(rows)('$it', (row) => {
      it('does what the row says', () => inTime(() => checkRow(policy, row)));
      it.each(Object.entries(LAWS_OF_ROW))('%s', (_, law) => {
        inTime(() => demandNone(law(policy, row)));
      });
    });
    it.each(Object.entries(LAWS_OF_POLICY))('%s', (_, law) => {
      inTime(() => demandNone(law(policy)));
    });
  });
}

/** In full sentences: they are for authors, who do not know this code. */
function demandNone(complaints: readonly string[]): void {
  if (complaints.length === 0) return;
  const more = complaints.length - MOST_COMPLAINTS;
  const shown = complaints.slice(0, MOST_COMPLAINTS);
  throw new Error([...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
}

function checkRow(policy: Policy, row: PolicyRow): void {
  const snapshot = toSnapshot(inventoryOf(row));
  const verdicts = decideOnRow(policy, row, snapshot);
  demandNone(verdicts.skipped.map(({ because }) => because));
  if (row.changes !== undefined) expect(changesIn(verdicts)).toEqual([...row.changes].sort());
  if (row.costPerHour !== undefined) {
    expect(verdicts.efficacy.costBeforePerHour, 'money per hour before').toBeCloseTo(row.costPerHour, MONEY_DIGITS);
  }
  if (row.costPerHourAfter !== undefined) {
    const next = decideOnRow(policy, row, afterwards(snapshot, verdicts));
    expect(next.efficacy.costBeforePerHour, 'money per hour after').toBeCloseTo(row.costPerHourAfter, MONEY_DIGITS);
  }
}

/** Runs work of one policy; where that has been found to loop once, nothing more of it is tried. */
function endingInTime(): (work: () => void) => void {
  let isEndless = false;
  return (work) => {
    isEndless ||= withDeadline(ENDLESS_MS, work) === TOO_LATE;
    if (isEndless) throw new Error('it does not come to an end');
  };
}
