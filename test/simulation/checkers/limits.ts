import type { Limits } from '../../../src/domain/profile.ts';
import type { Land, UnderWay } from '../land.ts';
import type { Happening } from '../witness.ts';
import type { Checker } from './checker.ts';

/** At every instant at most as much is under way as the limits allow: per host, pair, rack and cluster. */
export function limits(): Checker {
  const switching = new Set<string>();
  return {
    property: 'limits hold at every instant',
    judge(happening, { land }) {
      const most = land.scenario.settings.limits;
      if (happening.kind === 'migration ordered' && happening.by === 'drover')
        return exceeded(flying(land), most, land).map((words) => `${happening.order.id}: ${words}`);
      return noteSwitches(happening, switching, most);
    },
  };
}

/** Of those the daemon can know of. Once a guest runs on its target, nothing is on the way any more. */
function flying({ underWay, sight, truth }: Land): UnderWay[] {
  const { flights } = truth();
  const isOnTheWay = ({ vm }: UnderWay) => flights.some((flight) => flight.vm === vm);
  const all = [...underWay.values()];
  // The newest has only just been ordered.
  return all.filter((order, i) => i === all.length - 1 || (isOnTheWay(order) && !sight.couldNotKnow([order.vm])));
}

function exceeded(orders: readonly UnderWay[], most: Limits, { scenario }: Land): string[] {
  const rackOf = new Map(scenario.inventory.hosts.map(({ id, rack }) => [id, rack]));
  const counts = new Map<string, { count: number; limit: number }>();
  const count = (what: string, limit: number) => counts.set(what, { count: (counts.get(what)?.count ?? 0) + 1, limit });
  const atEither = most.migrationsPerLink || Math.max(most.migrationsPerSource, most.migrationsPerTarget);
  for (const { from, to, how } of orders) {
    count('migrations in the cluster', most.migrationsPerCluster);
    if (how === 'quick') continue;
    count(`migrations from ${from}`, most.migrationsPerSource);
    count(`migrations to ${to}`, most.migrationsPerTarget);
    for (const host of [from, to]) count(`migrations at ${host}`, atEither);
    count(`migrations between ${[from, to].sort().join(' and ')}`, most.migrationsPerPair);
    if (rackOf.get(from) === rackOf.get(to)) continue;
    for (const host of [from, to]) count(`migrations through ${rackOf.get(host)}`, most.migrationsPerRackUplink);
  }
  return [...counts]
    .filter(([, { count: found, limit }]) => limit > 0 && found > limit)
    .map(([what, { count: found, limit }]) => `${found} ${what}, where ${limit} are allowed`);
}

function noteSwitches(happening: Happening, switching: Set<string>, most: Limits): string[] {
  if (happening.kind === 'life') switching.clear();
  if (happening.kind === 'outcome') switching.delete(happening.id);
  if (happening.kind !== 'switch ordered' || happening.by !== 'drover') return [];
  switching.add(happening.id);
  const limit = most.powerSwitchesPerCluster;
  return limit > 0 && switching.size > limit ? [`${switching.size} switches, where ${limit} are allowed`] : [];
}
