import type { Situation } from './situation.ts';

/** A VM that may leave its host, and the best that can be hoped of it: that its new place costs nothing. */
export interface Departure {
  readonly vm: number;
  readonly savingPerHour: number;
  readonly onceCost: number;
  /** The most that its move could gain. */
  readonly hope: number;
}

/** All VMs of the host that may leave, the most hopeful first; what their places cost counts where asked. */
export function departuresFrom(situation: Situation, host: number, placesCount = true): Departure[] {
  const { draft, costs, judge, book, once } = situation;
  const { terms } = costs;
  const before = costs.presentHostCost(host);
  const departures: Departure[] = [];
  draft.forEachVmOn(host, (vm) => {
    if (judge.staysBecause(vm, false) !== undefined) return;
    draft.lift(vm);
    const relief = before - terms.hostCost(host);
    draft.lower(vm);
    const savingPerHour = placesCount ? relief + terms.vmCost(vm) : relief;
    const onceCost = once.ofLeaving(vm, host);
    departures.push({ vm, savingPerHour, onceCost, hope: book.gain(savingPerHour, onceCost) });
  });
  return departures.sort((a, b) => b.hope - a.hope || a.vm - b.vm);
}

/** Those of them that could pay by themselves. */
export function payingDeparturesFrom(situation: Situation, host: number, placesCount = true): Departure[] {
  const { book } = situation;
  return departuresFrom(situation, host, placesCount).filter((each) => book.pays(each.savingPerHour, each.onceCost));
}
