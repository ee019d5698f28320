/** Shorthand for cases about plans. */
import type { Change } from '../../src/domain/change.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import { GIB } from '../../src/domain/units.ts';
import { aHost, aVm } from '../kit/fleet.ts';
import { complaintsAbout } from '../kit/plan-checker.ts';
import { eachAccepted } from '../kit/verdicts.ts';
import { planned } from './random-plans.ts';

export const tight = (id: string, gib = 8) => aHost({ id, capacity: { memoryBytes: gib * GIB } });

export const sized = (id: string, host: string, gib: number) => aVm({ id, host, demand: { memoryBytes: gib * GIB } });

/** Plans the changes, each accepted by itself; the second judge has looked at the plan. */
export function planFor(inventory: Inventory, changes: readonly Change[]): Plan {
  const test = planned(inventory, eachAccepted(changes), DEFAULT_LIMITS);
  const complaints = complaintsAbout(test);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return test.plan;
}

/** Who goes where, in the order in which it starts. */
export const course = ({ steps }: Plan) =>
  steps.map(({ change }) => (change.kind === 'move' ? `${change.vm} to ${change.to}` : `${change.host} ${change.to}`));
