import type { Change, Move } from '../domain/change.ts';
import { ENDED, type StepStatus } from '../domain/plan.ts';
import type { Limits } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Limited } from './catalogue/work.ts';
import type { Row } from './instruments.ts';

const LIMIT = {
  source: 'migrationsPerSource',
  target: 'migrationsPerTarget',
  link: 'migrationsPerLink',
  pair: 'migrationsPerPair',
  'rack uplink': 'migrationsPerRackUplink',
  'site uplink': 'migrationsPerSiteUplink',
  storage: 'migrationsPerStorage',
  cluster: 'migrationsPerCluster',
  'power switches': 'powerSwitchesPerCluster',
} as const satisfies Readonly<Record<Limited, keyof Limits>>;

export function limitRows(limits: Limits): Row<'limit'>[] {
  return Object.entries(LIMIT).map(([limit, key]) => ({ labels: { limit }, value: limits[key] }));
}

type Way = Omit<Move, 'kind'>;

/** Tokens that are held where most are. Migrations that others started hold them too. */
export function limitUsedRows(
  steps: readonly StepStatus[],
  snapshot: Snapshot | undefined,
  { weightWithStorage }: Limits,
): Row<'limit'>[] {
  const underWay = steps.filter(({ state }) => state !== 'queued' && !ENDED.has(state)).map(({ step }) => step);
  const ownLive = underWay.filter(({ how }) => how !== 'quick').map(({ change }) => change);
  const live = withForeign(ownLive.filter(isMove), snapshot);
  const quick = underWay.filter(({ how }) => how === 'quick').map(({ change }) => change);
  const all = [...live, ...quick.filter(isMove)];
  const at = groundOf(snapshot);
  const tokens = ({ vm }: Way) => (at.takesDisksAlong(vm) ? weightWithStorage : 1);
  const most = (ways: readonly Way[], placesOf: (way: Way) => readonly string[]) => mostAt(ways, placesOf, tokens);
  const used: Readonly<Record<Limited, number>> = {
    source: most(live, ({ from }) => [from]),
    target: most(live, ({ to }) => [to]),
    link: most(live, ({ from, to }) => [from, to]),
    pair: most(live, ({ from, to }) => [[from, to].sort().join('\n')]),
    'rack uplink': most(live, (way) => uplinks(way, at.rack)),
    'site uplink': most(live, (way) => uplinks(way, at.site)),
    storage: most(all, ({ vm }) => at.storages(vm)),
    cluster: most(all, () => ['']),
    'power switches': underWay.filter(({ change }) => !isMove(change)).length,
  };
  return Object.entries(used).map(([limit, value]) => ({ labels: { limit }, value }));
}

const isMove = (change: Change): change is Move => change.kind === 'move';

function withForeign(own: readonly Way[], snapshot: Snapshot | undefined): readonly Way[] {
  const known = new Set(own.map(({ vm }) => vm));
  return [...own, ...(snapshot?.flights ?? []).filter(({ vm }) => !known.has(vm))];
}

/** Where hosts stand and what VMs have, by id; nothing is known of those that are not in the snapshot. */
function groundOf(snapshot: Snapshot | undefined) {
  const hostText = (column: 'rackText' | 'siteText') => (id: string) => {
    const host = snapshot?.hosts.index.get(id);
    return host === undefined ? '' : (snapshot?.pools.texts[snapshot.hosts[column][host]!] ?? '');
  };
  const vmOf = (id: string) => snapshot?.vms.index.get(id) ?? -1;
  return {
    rack: hostText('rackText'),
    site: hostText('siteText'),
    storages: (vm: string) => snapshot?.pools.sets[snapshot.vms.storageSet[vmOf(vm)] ?? -1] ?? [],
    takesDisksAlong: (vm: string) => (snapshot?.vms.localDiskBytes[vmOf(vm)] ?? 0) > 0,
  };
}

/** What a migration passes on its way out of one place and into another; places without a name have no uplink. */
function uplinks({ from, to }: Way, placeOf: (host: string) => string): string[] {
  const places = [placeOf(from), placeOf(to)];
  return places[0] === places[1] ? [] : places.filter((place) => place !== '');
}

function mostAt(ways: readonly Way[], placesOf: (way: Way) => readonly string[], tokens: (way: Way) => number): number {
  const counts = new Map<string, number>();
  for (const way of ways) {
    for (const place of placesOf(way)) counts.set(place, (counts.get(place) ?? 0) + tokens(way));
  }
  return [...counts.values()].reduce((most, count) => Math.max(most, count), 0);
}
