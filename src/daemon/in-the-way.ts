import type { Verdicts } from '../domain/decision.ts';
import type { Plan } from '../domain/plan.ts';
import type { VmId } from '../domain/vm.ts';

/**
 * A repair may be decided together with what only pays, and count on its being done. Where no order of steps leads there,
 * these are the VMs that were to move for money: without them the next cycle finds the repair another way.
 */
export function inTheWay({ impossible }: Pick<Plan, 'impossible'>, { decisions }: Pick<Verdicts, 'decisions'>): VmId[] {
  const lost = new Set(impossible.map(({ decision }) => decision));
  const failed = decisions.filter(({ id }) => lost.has(id));
  if (!failed.some(({ phase }) => phase === 'repair')) return [];
  return failed
    .filter(({ phase }) => phase !== 'repair')
    .flatMap(({ changes }) => changes.flatMap((change) => (change.kind === 'move' ? [change.vm] : [])));
}
