import type { Change } from '../domain/change.ts';
import type { Decision, TermChange } from '../domain/decision.ts';
import { isAccepted, PHASES } from '../domain/decision.ts';
import type { Draft } from '../domain/draft.ts';
import { OFF } from '../domain/power.ts';
import { HOUR } from '../domain/units.ts';
import { type Loads, resourceWords, resourceWordsAt } from './loads.ts';
import type { TermKind } from './terms.ts';

type KindOf = (term: string) => TermKind;

/** Decisions that are told as one, in the order in which they were made, and what they come to. */
interface Group {
  readonly parts: Decision[];
  readonly changes: Change[];
}

/**
 * The search may move a VM twice before it is content, or wake a host that it has just put to sleep. What is told in the
 * end is one word per VM and host: that of the decision that first had to do with it, leading to where the last one left
 * it. A decision of which nothing is left, or that was worth it only because it took an earlier one back, becomes a part
 * of the earlier one.
 */
export function netDecisions(
  decisions: readonly Decision[],
  draft: Draft,
  loadsBefore: Loads,
  kindOf: KindOf = () => 'host',
): readonly Decision[] {
  // Most subjects have one decision to do with them, and need no list.
  const tellers = new Map<string, number | number[]>();
  const tellersOf = (subject: string) => [tellers.get(subject)!].flat();
  const tangled = new Set<number>();
  decisions.forEach((decision, n) => {
    if (!isAccepted(decision)) return;
    for (const change of decision.changes) {
      const subject = subjectOf(change);
      const before = tellers.get(subject);
      if (before === undefined) tellers.set(subject, n);
      else {
        const all = typeof before === 'number' ? [before] : before;
        tangled.add(all.at(-1)!).add(n);
        all.push(n);
        tellers.set(subject, all);
      }
    }
  });
  if (tangled.size === 0) return decisions;
  const last = new Map<string, Change>();
  for (const n of inOrder(tangled)) for (const change of decisions[n]!.changes) last.set(subjectOf(change), change);
  const groups = decisions.map((decision, n): Group => {
    return { parts: [decision], changes: tangled.has(n) ? [] : [...decision.changes] };
  });
  for (const [subject, change] of last) {
    groups[tellersOf(subject)[0]!]!.changes.push(...netChange(change, draft));
  }
  const told = joined(groups, inOrder(tangled), (change) => tellersOf(subjectOf(change)));
  return told.map((group, n) => ({
    ...tell(group, draft, loadsBefore, kindOf),
    id: `d${draft.snapshot.version}-${n + 1}`,
  }));
}

const inOrder = (numbers: ReadonlySet<number>): number[] => [...numbers].sort((a, b) => a - b);

/** Hosts and VMs may have the same ids. */
const subjectOf = (change: Change): string => (change.kind === 'move' ? change.vm : `host\n${change.host}`);

/** From where the snapshot has it; nothing where it ends as it was. */
function netChange(change: Change, { snapshot: { hosts, vms } }: Draft): Change[] {
  if (change.kind === 'move') {
    const from = hosts.ids[vms.host[vms.index.get(change.vm)!]!]!;
    return from === change.to ? [] : [{ ...change, from }];
  }
  const wasOff = hosts.power[hosts.index.get(change.host)!] === OFF;
  return wasOff === (change.to === 'on') ? [change] : [];
}

/** Groups that cannot stand alone are added to others that had to do with the same, the first ones first, until they can. */
function joined(
  groups: readonly Group[],
  tangled: readonly number[],
  tellersOf: (change: Change) => readonly number[],
): Group[] {
  const place = [...groups];
  const numbers = new Map(tangled.map((n) => [groups[n]!, [n]]));
  for (const n of tangled) {
    while (!standsAlone(place[n]!)) {
      const related = place[n]!.parts.flatMap(({ changes }) => changes).flatMap(tellersOf);
      const other = related.find((each) => place[each] !== place[n]);
      if (other === undefined) break;
      join(place, numbers, place[other]!, place[n]!);
    }
  }
  return withoutEmpty([...new Set(place)]);
}

const standsAlone = ({ parts, changes }: Group): boolean => {
  const total = (key: 'onceCost' | 'savingPerHour') => parts.reduce((sum, part) => sum + part[key], 0);
  const isForMoney = parts.every(({ phase }) => phase === 'improve');
  return changes.length > 0 && total('onceCost') >= 0 && (!isForMoney || total('savingPerHour') > 0);
};

/** `numbers` are the places of each group that may be joined. */
function join(place: Group[], numbers: Map<Group, number[]>, into: Group, other: Group): void {
  into.parts.push(...other.parts);
  into.changes.push(...other.changes);
  for (const n of numbers.get(other) ?? []) {
    place[n] = into;
    numbers.get(into)?.push(n);
  }
}

/** What came to nothing paved the way for others: what it saved counts for the next one, or else for the last. */
function withoutEmpty(groups: readonly Group[]): Group[] {
  const kept: Group[] = [];
  let nothing: Decision[] = [];
  for (const group of groups) {
    if (group.changes.length === 0 && group.parts.every(isAccepted)) {
      nothing.push(...group.parts);
    } else if (nothing.length > 0 && group.parts.every(isAccepted)) {
      kept.push({ parts: [...nothing, ...group.parts], changes: group.changes });
      nothing = [];
    } else {
      kept.push(group);
    }
  }
  kept.findLast(({ parts }) => parts.every(isAccepted))?.parts.push(...nothing);
  return kept;
}

function tell({ parts, changes }: Group, draft: Draft, loadsBefore: Loads, kindOf: KindOf): Decision {
  const [only] = parts;
  if (parts.length === 1 && (!isAccepted(only!) || isSame(only!.changes, changes))) return only!;
  const main = parts.reduce((most, part) => (isMoreUrgent(part, most) ? part : most));
  const terms = netTerms(parts);
  const savingPerHour = parts.reduce((sum, part) => sum + part.savingPerHour, 0);
  const onceCost = parts.reduce((sum, part) => sum + part.onceCost, 0);
  return {
    ...main,
    changes: changes.toSorted((a, b) => rank(a) - rank(b)),
    terms,
    savingPerHour,
    onceCost,
    paybackMs: savingPerHour > 0 ? (onceCost / savingPerHour) * HOUR : null,
    because: main.phase === 'repair' ? main.because : groupWords(changes, draft, loadsBefore, mainKind(terms, kindOf)),
  };
}

function isSame(some: readonly Change[], others: readonly Change[]): boolean {
  return some.length === others.length && some.every((change, n) => isEqual(change, others[n]!));
}

function isEqual(one: Change, other: Change): boolean {
  if (one.kind === 'power') return other.kind === 'power' && one.host === other.host && one.to === other.to;
  return other.kind === 'move' && one.vm === other.vm && one.from === other.from && one.to === other.to;
}

function isMoreUrgent(one: Decision, other: Decision): boolean {
  const difference = PHASES.indexOf(one.phase) - PHASES.indexOf(other.phase);
  return difference < 0 || (difference === 0 && one.savingPerHour > other.savingPerHour);
}

/** Hosts are switched on first and off last. */
const rank = (change: Change): number => (change.kind === 'move' ? 1 : change.to === 'on' ? 0 : 2);

function netTerms(parts: readonly Decision[]): TermChange[] {
  const terms = new Map<string, TermChange>();
  for (const { term, beforePerHour, afterPerHour } of parts.flatMap((part) => part.terms)) {
    const known = terms.get(term) ?? { term, beforePerHour, afterPerHour: beforePerHour };
    terms.set(term, { ...known, afterPerHour: known.afterPerHour + afterPerHour - beforePerHour });
  }
  return [...terms.values()];
}

/** Of the term that falls most. */
function mainKind(terms: readonly TermChange[], kindOf: KindOf): TermKind {
  const fall = ({ beforePerHour, afterPerHour }: TermChange) => beforePerHour - afterPerHour;
  const [main] = terms.toSorted((a, b) => fall(b) - fall(a));
  return main === undefined ? 'host' : kindOf(main.term);
}

/** Why they are made, of changes that belong together. */
export function groupWords(changes: readonly Change[], draft: Draft, loadsBefore: Loads, kind: TermKind): string {
  const switched = (to: 'on' | 'off') => {
    const hosts = changes.flatMap((each) => (each.kind === 'power' && each.to === to ? [each.host] : []));
    return hosts.join(' and ');
  };
  const [on, off] = [switched('on'), switched('off')];
  if (on !== '' && off !== '') return `${on} does the work of ${off} for less`;
  if (off !== '') return `the others have room for the VMs of ${off}`;
  if (on !== '') return `with ${on} the others are less crowded`;
  const { hosts } = draft.snapshot;
  const host = (id: string) => hosts.index.get(id)!;
  const moves = changes.flatMap((each) => (each.kind === 'move' ? [each] : []));
  const was = unique(moves.map(({ from }) => from)).map(
    (id) => `${id} was at ${resourceWords(hosts, loadsBefore, host(id))}`,
  );
  const will = unique(moves.map(({ to }) => to)).map((id) => `${id} will be at ${resourceWordsAt(draft, host(id))}`);
  if (kind === 'pair') return `they come nearer to those they talk to; ${will.join(', ')}`;
  return `${was.join(', ')}; ${will.join(', ')}`;
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
