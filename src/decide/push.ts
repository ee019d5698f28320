import { RESOURCE_COUNT } from '../domain/resources.ts';
import { bestTarget } from './best-move.ts';
import { departuresFrom } from './departures.ts';
import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** Hosts that are tried, the worst first, and VMs of each, those whose leaving could gain most. */
const MOST_HOSTS = 3;
const MOST_VMS = 2;
/** So many make room for one. */
const MOST_PUSHED = 5;
/** Only those whose leaving could gain this share of all cost are worth the search. */
const WORTH_A_SEARCH = 0.01;

/**
 * A VM that is too large for the room that is left anywhere goes to another host all the same, and others leave there for
 * it: to where it came from, or anywhere. All of them or none.
 */
export function push(situation: Situation, hosts: readonly number[]): void {
  const { book, costs } = situation;
  const least = WORTH_A_SEARCH * book.gain(costs.total(), 0);
  for (const host of hosts.slice(0, MOST_HOSTS)) {
    const large = departuresFrom(situation, host).filter(({ hope }) => hope > least);
    for (const { vm } of large.slice(0, MOST_VMS)) if (pushOne(situation, vm)) break;
  }
}

/** To the host where that gains most. */
function pushOne(situation: Situation, vm: number): boolean {
  const { draft, targets, book } = situation;
  let best: number | undefined;
  let most = 0;
  for (const to of targets.all) {
    const trial = pushedTo(situation, vm, to);
    const gain = trial === undefined ? 0 : book.gain(trial.saving(), trial.onceCost);
    trial?.undo();
    if (gain <= most) continue;
    best = to;
    most = gain;
  }
  if (best === undefined) return false;
  const { ids } = draft.snapshot.hosts;
  const from = draft.hostOf[vm]!;
  const was = resourceWordsAt(draft, from);
  const trial = pushedTo(situation, vm, best)!;
  if (book.pays(trial.saving(), trial.onceCost) && book.hasRoomFor(trial.moves.length)) {
    const name = draft.snapshot.vms.ids[vm];
    const because = `${ids[from]} was at ${was}; on ${ids[best]} others make room for ${name}, and it will be at ${resourceWordsAt(draft, best)}`;
    situation.accept(trial, { phase: 'relieve', because });
    return true;
  }
  trial.undo();
  return false;
}

/** Undefined where it has room there anyway, or where too few can leave for it. */
function pushedTo(situation: Situation, vm: number, to: number): Trial | undefined {
  const { draft, judge, targets } = situation;
  const from = draft.hostOf[vm]!;
  if (to === from || !judge.openHost.isOpen(to) || judge.permits(vm, to) || !judge.fitness.permits(vm, to))
    return undefined;
  const elsewhere = targets.all.filter((host) => host !== to);
  const trial = situation.trial();
  trial.move(vm, to);
  for (let pushed = 0; pushed < MOST_PUSHED && isOverfull(situation, to); pushed++) {
    if (!pushOut(situation, trial, to, vm, elsewhere)) break;
  }
  if (!isOverfull(situation, to) && mayCome(situation, vm, from, to)) return trial;
  trial.undo();
  return undefined;
}

/** The one that it costs least to send away; false where nobody can leave. */
function pushOut(situation: Situation, trial: Trial, host: number, vm: number, elsewhere: readonly number[]): boolean {
  const { draft, judge, book } = situation;
  let best: { readonly other: number; readonly to: number } | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const other of draft.vmsOn(host)) {
    if (other === vm || judge.staysBecause(other, false) !== undefined) continue;
    const found = bestTarget(situation, other, elsewhere);
    if (found === undefined) continue;
    const gain = book.gain(found.savingPerHour, found.onceCost);
    if (gain <= most) continue;
    best = { other, to: found.to };
    most = gain;
  }
  if (best !== undefined) trial.move(best.other, best.to);
  return best !== undefined;
}

function isOverfull({ draft, targets }: Situation, host: number): boolean {
  const { capacity } = draft.snapshot.hosts;
  for (let r = 0; r < RESOURCE_COUNT; r++) {
    if (draft.used(r)[host]! > capacity[r]![host]! * targets.ceilings[r]!) return true;
  }
  return false;
}

/** Whether the rules let it in, now that the others are gone. */
function mayCome({ draft, judge }: Situation, vm: number, from: number, to: number): boolean {
  const mark = draft.mark();
  draft.move(vm, from);
  const isPermitted = judge.permits(vm, to);
  draft.undo(mark);
  return isPermitted;
}
