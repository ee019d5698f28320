import type { Change, Move } from '../domain/change.ts';
import { ENDED, type StepStatus } from '../domain/plan.ts';
import type { Limits } from '../domain/profile.ts';
import type { Flight } from '../domain/snapshot.ts';
import type { Limited } from './catalogue/work.ts';
import type { Row } from './instruments.ts';

const LIMIT = {
  source: 'migrationsPerSource',
  target: 'migrationsPerTarget',
  pair: 'migrationsPerPair',
  cluster: 'migrationsPerCluster',
  'power switches': 'powerSwitchesPerCluster',
} as const satisfies Readonly<Record<Limited, keyof Limits>>;

export function limitRows(limits: Limits): Row<'limit'>[] {
  return Object.entries(LIMIT).map(([limit, key]) => ({ labels: { limit }, value: limits[key] }));
}

/** Migrations that others started take tokens too. */
export function limitUsedRows(steps: readonly StepStatus[], flights: readonly Flight[]): Row<'limit'>[] {
  const underWay = steps.filter(({ state }) => state !== 'queued' && !ENDED.has(state)).map(({ step }) => step.change);
  const moves = withForeign(underWay.filter(isMove), flights);
  const used: Readonly<Record<Limited, number>> = {
    source: mostOf(moves, ({ from }) => from),
    target: mostOf(moves, ({ to }) => to),
    pair: mostOf(moves, ({ from, to }) => [from, to].sort().join('\n')),
    cluster: moves.length,
    'power switches': underWay.length - underWay.filter(isMove).length,
  };
  return Object.entries(used).map(([limit, value]) => ({ labels: { limit }, value }));
}

type Way = Omit<Move, 'kind'>;

function withForeign(own: readonly Way[], flights: readonly Flight[]): readonly Way[] {
  const known = new Set(own.map(({ vm }) => vm));
  return [...own, ...flights.filter(({ vm }) => !known.has(vm))];
}

const isMove = (change: Change): change is Move => change.kind === 'move';

function mostOf(moves: readonly Way[], placeOf: (move: Way) => string): number {
  const counts = new Map<string, number>();
  for (const move of moves) counts.set(placeOf(move), (counts.get(placeOf(move)) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}
