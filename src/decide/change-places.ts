import { carryOut, groupWordsOf, refine } from './arrangement.ts';
import { SIMPLE } from './interchange.ts';
import { type Loads, resourceWords, resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** Combinations of VMs that are thought over at a time. */
const MOST_THOUGHTS = 100_000;

/**
 * In a small fleet: some VMs of a host change places with some of another, or one takes the place of another, which goes to
 * a third host, wherever that pays.
 */
export function changePlaces(situation: Situation): void {
  const { judge, targets, book } = situation;
  if (!book.hasRoomFor(1)) return;
  const open = targets.all.filter((host) => judge.openHost.isOpen(host));
  const trial = situation.trial();
  const steps = refine(situation, trial, open, { left: MOST_THOUGHTS }, { ...SIMPLE, inChains: true });
  trial.undo();
  carryOut(situation, steps, words);
}

function words(situation: Situation, trial: Trial, before: Loads): string {
  const { hosts, vms } = situation.draft.snapshot;
  const [first, second, ...others] = trial.netMoves();
  if (first === undefined || second === undefined || others.length > 0) return groupWordsOf(situation, trial, before);
  const was = (host: number) => `${hosts.ids[host]} was at ${resourceWords(hosts, before, host)}`;
  if (first.from === second.to && first.to === second.from) {
    return `${vms.ids[first.vm]} and ${vms.ids[second.vm]} change places: ${was(first.from)}, ${was(second.from)}`;
  }
  if (first.from !== second.to) return groupWordsOf(situation, trial, before);
  const will = `${hosts.ids[second.to]} will be at ${resourceWordsAt(situation.draft, second.to)}`;
  return `${was(second.from)}; ${will} when one VM has made room for another`;
}
