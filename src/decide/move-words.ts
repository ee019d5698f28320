import { resourceWordsAt } from './loads.ts';
import type { Situation } from './situation.ts';
import type { Terms } from './terms.ts';

/** Where from a single move is, to say why it was made when it has been. */
interface MovedFrom {
  readonly vm: number;
  readonly from: number;
  /** How full the host was before. */
  readonly was: string;
}

/** The term that falls most: what the change is made for. */
function mainTerm({ kinds }: Terms, changes: ArrayLike<number>): number {
  let main = 0;
  for (let t = 1; t < kinds.length; t++) if (changes[t]! < changes[main]!) main = t;
  return main;
}

/** Why it is good that the VM is where it is now, told by the term that falls most. */
export function moveWords(situation: Situation, { vm, from, was }: MovedFrom, changes: ArrayLike<number>): string {
  const { draft, costs } = situation;
  const { hosts, vms } = draft.snapshot;
  const { terms } = costs;
  const to = draft.hostOf[vm]!;
  const id = vms.ids[vm]!;
  const will = `${hosts.ids[to]} will be at ${resourceWordsAt(draft, to)}`;
  const main = mainTerm(terms, changes);
  switch (terms.kinds[main]) {
    case 'pair':
      return `${id} ${talkWords(situation, vm, from)}; ${will}`;
    case 'vm':
      return `${terms.names[main]} of ${id} is less on ${hosts.ids[to]} than on ${hosts.ids[from]}; ${will}`;
    case 'preferences':
      return `preferred rules would rather have ${id} on ${hosts.ids[to]} than on ${hosts.ids[from]}; ${will}`;
    default:
      return `${hosts.ids[from]} was at ${was}; ${will}`;
  }
}

/** The one that it talks to most of those that it has come nearer to. */
function talkWords({ draft }: Situation, vm: number, from: number): string {
  const { traffic, vms } = draft.snapshot;
  const to = draft.hostOf[vm]!;
  let nearest: number | undefined;
  let most = 0;
  for (let at = traffic.rowStart[vm]!; at < traffic.rowStart[vm + 1]!; at++) {
    const peer = traffic.peer[at]!;
    const on = draft.hostOf[peer]!;
    if (traffic.bytesPerS[at]! <= most || distance(draft, to, on) >= distance(draft, from, on)) continue;
    nearest = peer;
    most = traffic.bytesPerS[at]!;
  }
  if (nearest === undefined) return 'comes nearer to those it talks to';
  const { ids } = draft.snapshot.hosts;
  const on = draft.hostOf[nearest]!;
  const where = distance(draft, to, on) === 0 ? 'there' : `near by on ${ids[on]}`;
  return `talks to ${vms.ids[nearest]}, which is ${where}`;
}

/** Zero on the same host, then in the same rack, at the same site, elsewhere. */
function distance({ snapshot: { hosts } }: Situation['draft'], one: number, other: number): number {
  if (one === other) return 0;
  if (hosts.rackText[one] === hosts.rackText[other]) return 1;
  return hosts.siteText[one] === hosts.siteText[other] ? 2 : 3;
}
