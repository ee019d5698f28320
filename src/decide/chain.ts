import { bestTarget } from './best-move.ts';
import { departuresFrom } from './departures.ts';
import { resourceWordsAt } from './loads.ts';
import { makesRoom, placesToClear } from './make-way.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** VMs of a host that are tried, and VMs elsewhere that might step aside for them. */
const MOST_VMS = 4;
const MOST_IN_THE_WAY = 6;

/** A VM goes where there is no room for it, because another goes from there to a third host. */
interface Chain {
  readonly vm: number;
  readonly to: number;
  readonly other: number;
  readonly third: number;
}

/** Where a VM could best step aside to, and what that alone would gain: mostly less than nothing. */
interface Aside {
  readonly vm: number;
  readonly to: number;
  readonly gain: number;
}

/** Where each VM of some hosts would step aside to, worked out once for all who would like to be there. */
type Asides = Map<number, readonly Aside[]>;

/** Where a VM finds no room, another steps aside for it, to a third host: both or none. */
export function chain(situation: Situation, hosts: readonly number[]): void {
  const asides: Asides = new Map();
  for (const host of hosts) while (chainOnce(situation, host, asides));
}

function chainOnce(situation: Situation, host: number, asides: Asides): boolean {
  const { book, draft, costs } = situation;
  const { ids } = draft.snapshot.hosts;
  const found = book.hasRoomFor(2) ? bestChain(situation, host, placesToClear(situation), asides) : undefined;
  if (found === undefined) return false;
  const phase = costs.terms.suffering(host) > 0 ? 'relieve' : 'improve';
  const was = resourceWordsAt(draft, host);
  const trial = situation.trial();
  carryOut(trial, found, asides);
  if (!book.pays(trial.saving(), trial.onceCost)) {
    trial.undo();
    return false;
  }
  const will = resourceWordsAt(draft, found.to);
  const because = `${ids[host]} was at ${was}; ${ids[found.to]} will be at ${will} when one VM has made room for another`;
  situation.accept(trial, { phase, because });
  return true;
}

function carryOut(trial: Trial, { vm, to, other, third }: Chain, asides: Asides): void {
  trial.move(other, third);
  trial.move(vm, to);
  asides.clear();
}

/** The chain that begins on this host and gains most; undefined where none pays. */
function bestChain(situation: Situation, host: number, places: readonly number[], known: Asides): Chain | undefined {
  const mine = departuresFrom(situation, host).slice(0, MOST_VMS);
  let best: Chain | undefined;
  let most = 0;
  for (const to of places) {
    if (to === host || !situation.judge.openHost.isOpen(to)) continue;
    for (const aside of asidesFrom(situation, to, known)) {
      for (const departure of mine) {
        if (departure.hope + aside.gain <= most) break;
        const found = { vm: departure.vm, to, other: aside.vm, third: aside.to };
        const gain = aside.gain + gainBehind(situation, found, departure.savingPerHour);
        if (gain <= most) continue;
        best = found;
        most = gain;
      }
    }
  }
  return best;
}

/** Those who gain most by it, or lose least, first. */
function asidesFrom(situation: Situation, host: number, known: Asides): readonly Aside[] {
  const { draft, judge, targets, book } = situation;
  const before = known.get(host);
  if (before !== undefined) return before;
  const asides = draft.vmsOn(host).flatMap((vm): Aside[] => {
    if (!judge.mayMove(vm)) return [];
    const best = bestTarget(situation, vm, targets.candidates(vm, 'emptiest'));
    return best === undefined ? [] : [{ vm, to: best.to, gain: book.gain(best.savingPerHour, best.onceCost) }];
  });
  asides.sort((a, b) => b.gain - a.gain || a.vm - b.vm);
  const found = asides.slice(0, MOST_IN_THE_WAY);
  known.set(host, found);
  return found;
}

/** What it gains that the VM follows when the other has made room for it; less than anything where that is no way. */
function gainBehind(situation: Situation, { vm, to, other, third }: Chain, relief: number): number {
  const { draft, judge, costs, book, once } = situation;
  const { terms } = costs;
  const from = draft.hostOf[vm]!;
  let gain = Number.NEGATIVE_INFINITY;
  if (third === from || !makesRoom(situation, vm, other) || judge.permits(vm, to)) return gain;
  const mark = draft.mark();
  draft.move(other, third);
  if (judge.permits(vm, to)) {
    const without = terms.hostCost(to);
    draft.lift(vm);
    draft.hover(vm, to);
    const saving = relief + without - terms.hostCost(to) - terms.vmCost(vm);
    draft.hoverHome(vm, from);
    draft.lower(vm);
    gain = book.gain(saving, once.ofMove(vm, from, to));
  }
  draft.undo(mark);
  return gain;
}
