import { type Decision, isAccepted } from '../domain/decision.ts';

/** Those of the decisions that wake hosts which the others want to move VMs to. */
export function wakesFor(wanted: readonly Decision[], decisions: readonly Decision[]): Decision[] {
  const targets = new Set(
    wanted.flatMap(({ changes }) => changes.flatMap((change) => (change.kind === 'move' ? [change.to] : []))),
  );
  return decisions.filter(
    (decision) =>
      isAccepted(decision) &&
      !wanted.includes(decision) &&
      decision.changes.some((change) => change.kind === 'power' && change.to === 'on' && targets.has(change.host)),
  );
}
