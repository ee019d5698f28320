import type { Situation } from './situation.ts';

/** A VM that may leave its host, and the best that can be hoped of it: that its new place costs nothing. */
export interface Departure {
  readonly vm: number;
  readonly savingPerHour: number;
  readonly onceCost: number;
  /** The most that its move could gain. */
  readonly hope: number;
}

/** All VMs of the host that may leave, the most hopeful first. */
export function departuresFrom(situation: Situation, host: number): Departure[] {
  return departures(situation, host, { placesCount: true, onlyPaying: false });
}

/** Those of them that could pay by themselves; what their places cost counts where asked. */
export function payingDeparturesFrom(situation: Situation, host: number, placesCount = true): Departure[] {
  return departures(situation, host, { placesCount, onlyPaying: true });
}

interface Question {
  readonly placesCount: boolean;
  readonly onlyPaying: boolean;
}

function departures(situation: Situation, host: number, { placesCount, onlyPaying }: Question): Departure[] {
  const { draft, costs, judge, book, once } = situation;
  const { terms } = costs;
  const before = costs.presentHostCost(host);
  const found: Departure[] = [];
  for (let vm = draft.firstOn(host); vm >= 0; vm = draft.nextOn(vm)) {
    if (!judge.mayMove(vm)) continue;
    draft.lift(vm);
    const relief = before - terms.hostCost(host);
    draft.lower(vm);
    const savingPerHour = placesCount ? relief + terms.vmCostAtRest(vm) : relief;
    const onceCost = once.ofLeaving(vm, host);
    if (onlyPaying && !book.pays(savingPerHour, onceCost)) continue;
    found.push({ vm, savingPerHour, onceCost, hope: book.gain(savingPerHour, onceCost) });
  }
  return found.sort((a, b) => b.hope - a.hope || a.vm - b.vm);
}
