import { OFF, ON } from '../domain/power.ts';
import { RESOURCE_COUNT } from '../domain/resources.ts';
import type { Exchange, Prospects } from './prospects.ts';
import type { Situation } from './situation.ts';
import { sleepsOnBecause } from './sleep.ts';

/** Hosts that are thought of as too many, and as missing. */
const MOST_TOO_MANY = 12;
const MOST_MISSING = 8;

/** One host less, one more, one for another, and then one for two or two for one, with what each could gain. */
export function thinkable(
  situation: Situation,
  order: readonly number[],
  prospects: Prospects,
  leastHope: number,
): { readonly exchange: Exchange; readonly hope: number }[] {
  const { draft, targets } = situation;
  const on = order.filter((host) => draft.power[host] === ON);
  const missing = targets.all.filter((host) => mayBeSwitchedOn(situation, host)).slice(0, MOST_MISSING);
  const putToSleep = missing.filter((host) => draft.snapshot.hosts.power[host] === ON);
  const candidates = [
    ...each([[]], singles(on)),
    ...each(singles(missing), [[], ...singles(on), ...pairs(on.slice(0, MOST_TOO_MANY))]),
    ...each(pairs(putToSleep), singles(on)),
  ];
  return candidates
    .filter((exchange) => leavesRoom(situation, exchange))
    .filter((exchange) => prospects.withoutMoving(exchange) > leastHope)
    .map((exchange) => ({ exchange, hope: prospects.of(exchange) }))
    .filter(({ hope }) => hope > leastHope);
}

const each = (ons: readonly number[][], offs: readonly number[][]): Exchange[] =>
  ons.flatMap((on) => offs.map((off) => ({ on, off })));

const singles = (hosts: readonly number[]): number[][] => hosts.map((host) => [host]);

const pairs = (hosts: readonly number[]): number[][] =>
  hosts.flatMap((one, i) => hosts.slice(0, i).map((other) => [one, other]));

function mayBeSwitchedOn({ draft, input }: Situation, host: number): boolean {
  const { known, maintenance } = draft.snapshot.hosts;
  if (draft.power[host] !== OFF || known[host] !== 1 || maintenance[host] === 1) return false;
  return sleepsOnBecause(draft.snapshot, input.profile, host) === undefined;
}

/** Whether what all VMs want fits into what would be on, taken as one. */
function leavesRoom({ draft, targets }: Situation, { on, off }: Exchange): boolean {
  const { capacity } = draft.snapshot.hosts;
  for (let r = 0; r < RESOURCE_COUNT; r++) {
    let room = 0;
    for (const host of targets.all) {
      const staysOn = (draft.power[host] === ON && !off.includes(host)) || on.includes(host);
      room += (staysOn ? capacity[r]![host]! * targets.ceilings[r]! : 0) - draft.used(r)[host]!;
    }
    if (room < 0) return false;
  }
  return true;
}
