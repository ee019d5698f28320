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

/** Only where the newest takes part: what persons let be too many elsewhere is not its fault. */
function exceeded(orders: readonly UnderWay[], most: Limits, { scenario }: Land): string[] {
  const rackOf = new Map(scenario.inventory.hosts.map(({ id, rack }) => [id, rack]));
  const counted = orders.map((order) => countedOf(order, most, rackOf));
  return [...counted.at(-1)!]
    .map(([what, limit]) => ({ what, limit, found: counted.filter((each) => each.has(what)).length }))
    .filter(({ limit, found }) => limit > 0 && found > limit)
    .map(({ what, limit, found }) => `${found} ${what}, where ${limit} are allowed`);
}

/** What a migration counts as, and how many may be of that. */
function countedOf(
  { from, to, how }: UnderWay,
  most: Limits,
  rackOf: ReadonlyMap<string, string | undefined>,
): ReadonlyMap<string, number> {
  const counted = new Map([['migrations in the cluster', most.migrationsPerCluster]]);
  if (how === 'quick') return counted;
  const atEither = most.migrationsPerLink || Math.max(most.migrationsPerSource, most.migrationsPerTarget);
  counted.set(`migrations from ${from}`, most.migrationsPerSource);
  counted.set(`migrations to ${to}`, most.migrationsPerTarget);
  for (const host of [from, to]) counted.set(`migrations at ${host}`, atEither);
  counted.set(`migrations between ${[from, to].sort().join(' and ')}`, most.migrationsPerPair);
  if (rackOf.get(from) === rackOf.get(to)) return counted;
  for (const host of [from, to]) counted.set(`migrations through ${rackOf.get(host)}`, most.migrationsPerRackUplink);
  return counted;
}

function noteSwitches(happening: Happening, switching: Set<string>, most: Limits): string[] {
  if (happening.kind === 'life') switching.clear();
  if (happening.kind === 'outcome') switching.delete(happening.id);
  if (happening.kind !== 'switch ordered' || happening.by !== 'drover') return [];
  switching.add(happening.id);
  const limit = most.powerSwitchesPerCluster;
  return limit > 0 && switching.size > limit ? [`${switching.size} switches, where ${limit} are allowed`] : [];
}
