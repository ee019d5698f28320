import type { Column } from '../../domain/columns.ts';
import { type Crowd, ELSEWHERE } from '../../domain/crowds.ts';
import type { Draft } from '../../domain/draft.ts';
import type { Violation } from '../../domain/rule.ts';
import { flagged } from '../../domain/selection.ts';
import { dayTimeWords } from '../../domain/words.ts';
import type { RuleOnDraft } from './rule-on-draft.ts';

/** Up to so many members are looked at one by one; of larger crowds, those on the host in question. */
const FEW_MEMBERS = 8;

interface Watched extends Crowd {
  /** By VM; only where members are many. */
  readonly isMember: ArrayLike<number> | undefined;
}

/** Crowds, and those that each VM belongs to. */
export interface CrowdIndex {
  readonly crowds: readonly Watched[];
  readonly crowdsOf: ReadonlyMap<number, readonly Watched[]>;
}

export function crowdIndex(all: readonly Crowd[], vmCount: number): CrowdIndex {
  const crowds = all.map((crowd): Watched => {
    const isLarge = crowd.level === 'host' && crowd.members.length > FEW_MEMBERS;
    return { ...crowd, isMember: isLarge ? flagged(crowd.members, vmCount) : undefined };
  });
  const crowdsOf = new Map<number, Watched[]>();
  for (const crowd of crowds) {
    for (const vm of crowd.members) {
      const known = crowdsOf.get(vm);
      if (known === undefined) crowdsOf.set(vm, [crowd]);
      else known.push(crowd);
    }
  }
  return { crowds, crowdsOf };
}

/** No more than so many VMs of a crowd are in one place. All crowds of one kind of rule. */
export class Crowding implements RuleOnDraft {
  readonly id: string;
  readonly #draft: Draft;
  readonly #crowds: readonly Watched[];
  readonly #crowdsOf: ReadonlyMap<number, readonly Watched[]>;

  constructor(draft: Draft, kind: Crowd['rule']['kind'], { crowds, crowdsOf }: CrowdIndex) {
    this.id = kind;
    this.#draft = draft;
    this.#crowds = crowds;
    this.#crowdsOf = crowdsOf;
  }

  get concerned(): Iterable<number> {
    return this.#crowdsOf.keys();
  }

  permits(vm: number, to: number): boolean {
    const crowds = this.#crowdsOf.get(vm);
    if (crowds === undefined) return true;
    for (let c = 0; c < crowds.length; c++) if (this.#isFull(crowds[c]!, vm, to)) return false;
    return true;
  }

  /** Moving about within a place is permitted, but leaves the crowd there as large as it was. */
  helps(vm: number, to: number): boolean {
    const crowds = this.#crowdsOf.get(vm) ?? [];
    const { hostOf } = this.#draft;
    return crowds.every((crowd) => {
      const isOver = this.#othersAt(crowd, vm, hostOf[vm]!).length >= crowd.most;
      return !isOver || crowd.placeOf[to] !== crowd.placeOf[hostOf[vm]!];
    });
  }

  words(vm: number, to: number): string {
    const { vms } = this.#draft.snapshot;
    const crowd = this.#fullFor(vm, to);
    const there = this.#othersAt(crowd, vm, to).map((other) => vms.ids[other]!);
    const { rule } = crowd;
    if (rule.kind === 'anti-affinity')
      return `rule ${rule.id} keeps ${vms.ids[vm]} apart from ${there[0]}, which is on ${this.#placeWords(crowd, to)}`;
    return `rule ${rule.id} allows ${allowance(crowd)} on ${this.#placeWords(crowd, to)}, and ${there.length} ${there.length === 1 ? 'is' : 'are'} there`;
  }

  remedy(vm: number, to: number): string {
    const { vms, hosts } = this.#draft.snapshot;
    const crowd = this.#fullFor(vm, to);
    const there = this.#othersAt(crowd, vm, to).map((other) => vms.ids[other]!);
    if (crowd.rule.kind === 'anti-affinity')
      return `move ${there.join(' and ')} away from ${this.#placeWords(crowd, to)} first, or take rule ${crowd.rule.id} away`;
    const many = there.length - crowd.most + 1;
    return `move ${many === 1 ? 'one' : many} of them away from ${hosts.ids[to]} first, or let rule ${crowd.rule.id} allow ${there.length + 1}`;
  }

  violations(): Violation[] {
    return this.#crowds.flatMap((crowd) =>
      crowd.rule.kind === 'anti-affinity' ? this.#together(crowd) : this.#crowded(crowd),
    );
  }

  /** The VM would be one too many there. Moving about within a place makes nothing worse. */
  #isFull(crowd: Watched, vm: number, to: number): boolean {
    const { placeOf, members, most, isMember } = crowd;
    const { hostOf } = this.#draft;
    const place = placeOf[to]!;
    if (place === ELSEWHERE || placeOf[hostOf[vm]!] === place) return false;
    let others = 0;
    if (isMember !== undefined) {
      this.#draft.forEachVmOn(to, (other) => {
        others += isMember[other]!;
      });
      return others >= most;
    }
    for (let m = 0; m < members.length; m++) {
      if (placeOf[hostOf[members[m]!]!] === place && members[m] !== vm) others += 1;
    }
    return others >= most;
  }

  #fullFor(vm: number, to: number): Watched {
    const full = this.#crowdsOf.get(vm)?.find((crowd) => this.#isFull(crowd, vm, to));
    if (full === undefined) throw new Error('only a refusal has a reason');
    return full;
  }

  #othersAt({ members, placeOf }: Watched, vm: number, host: number): number[] {
    return members.filter((member) => member !== vm && placeOf[this.#draft.hostOf[member]!] === placeOf[host]);
  }

  #placeWords({ level }: Watched, host: number): string {
    const id = this.#draft.snapshot.hosts.ids[host]!;
    return level === 'host' ? id : `the ${level} of ${id}`;
  }

  /** Everyone who shares a place with an earlier member. */
  #together({ rule, members, placeOf, level }: Watched): Violation[] {
    const { vms, hosts } = this.#draft.snapshot;
    if (!this.#isAnyoneTogether(members, placeOf)) return [];
    const first = new Map<number, number>();
    return members.flatMap((vm) => {
      const on = this.#draft.hostOf[vm]!;
      const earlier = first.get(placeOf[on]!);
      if (earlier === undefined) {
        first.set(placeOf[on]!, vm);
        return [];
      }
      const because = `rule ${rule.id} keeps ${vms.ids[vm]} and ${vms.ids[earlier]} apart; they share a ${level}`;
      return [{ rule: this.id, because, vms: [vms.ids[vm]!, vms.ids[earlier]!], host: hosts.ids[on]! }];
    });
  }

  /** Quickly, for the many that are kept. */
  #isAnyoneTogether(members: readonly number[], placeOf: Column): boolean {
    const { hostOf } = this.#draft;
    if (members.length > FEW_MEMBERS) return true;
    for (let m = 1; m < members.length; m++) {
      const place = placeOf[hostOf[members[m]!]!];
      for (let n = 0; n < m; n++) if (placeOf[hostOf[members[n]!]!] === place) return true;
    }
    return false;
  }

  #crowded(crowd: Watched): Violation[] {
    const { vms, hosts } = this.#draft.snapshot;
    const there = new Map<number, string[]>();
    for (const vm of crowd.members) {
      const place = crowd.placeOf[this.#draft.hostOf[vm]!]!;
      if (place === ELSEWHERE) continue;
      const known = there.get(place);
      if (known === undefined) there.set(place, [vms.ids[vm]!]);
      else known.push(vms.ids[vm]!);
    }
    return [...there].flatMap(([host, own]) => {
      if (own.length <= crowd.most) return [];
      const id = hosts.ids[host]!;
      const because = `rule ${crowd.rule.id} allows ${allowance(crowd)} on ${id}, and ${own.length} are there`;
      return [{ rule: this.id, because, vms: own, host: id }];
    });
  }
}

function allowance({ rule, most, atMinute }: Crowd): string {
  const counted = (what: string) => `${most} ${what}${most === 1 ? '' : 's'}`;
  return rule.kind === 'backups' ? `${counted('backup')} at once (${dayTimeWords(atMinute ?? 0)} UTC)` : counted('VM');
}
