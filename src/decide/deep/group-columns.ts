import type { Column } from '../../domain/columns.ts';
import { crowdsOf, isCrowdRule, places } from '../../domain/crowds.ts';
import { isRequired, LEVELS, type Rule } from '../../domain/rule.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { type Groups, type Lists, listsOf, type Places } from './model.ts';

interface Group {
  readonly number: number;
  readonly level: number;
  readonly members: readonly number[];
  most: number;
  least: number;
  readonly needs: number[];
  readonly neededBy: number[];
}

export interface GroupColumns {
  readonly places: Places;
  readonly groups: Groups;
  readonly groupsOf: Lists;
}

/** Rules that count VMs by place, as groups of VMs and what holds for their numbers. */
export function groupColumns(snapshot: Snapshot): GroupColumns {
  const making = new Making(snapshot);
  const required = snapshot.rules.filter(isRequired);
  for (const { members, most, placeOf } of crowdsOf(required.filter(isCrowdRule), snapshot)) {
    making.group(members, making.levelOf(placeOf), 'limited').most = most;
  }
  for (const rule of required) making.add(rule);
  return making.columns();
}

class Making {
  readonly #snapshot: Snapshot;
  readonly #groups: Group[] = [];
  /** By level and members: services that many depend on are one group. */
  readonly #known = new Map<string, Group>();
  readonly #nameOf = new WeakMap<readonly string[], string>();
  readonly #levels: Column[];

  constructor(snapshot: Snapshot) {
    const at = places(snapshot);
    this.#snapshot = snapshot;
    this.#levels = LEVELS.map((level) => at(level));
  }

  add(rule: Rule): void {
    if (rule.kind === 'spread') {
      const group = this.#named(rule.vms, LEVELS.indexOf(rule.level));
      group.least = Math.max(group.least, Math.min(rule.least, group.members.length));
    }
    if (rule.kind !== 'depends-on') return;
    const level = LEVELS.indexOf(rule.level);
    const needing = this.#named(rule.vms, level);
    const needed = this.#named(rule.on, level);
    if (needing === needed) return;
    needing.needs.push(needed.number);
    needed.neededBy.push(needing.number);
  }

  group(members: readonly number[], level: number, name: string): Group {
    const key = `${level}:${name}:${name === 'limited' ? this.#groups.length : ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = { number: this.#groups.length, level, members, most: 0, least: 0, needs: [], neededBy: [] };
    this.#groups.push(made);
    this.#known.set(key, made);
    return made;
  }

  /** Rules about chosen hosts have places of their own. */
  levelOf(placeOf: Column): number {
    const known = this.#levels.findIndex((level) => isSame(level, placeOf));
    return known >= 0 ? known : this.#levels.push(placeOf) - 1;
  }

  columns(): GroupColumns {
    const groups = this.#groups;
    const items: number[][] = this.#snapshot.vms.ids.map(() => []);
    groups.forEach(({ members }, g) => {
      for (const member of members) items[member]!.push(g);
    });
    return {
      places: this.#places(),
      groups: {
        count: groups.length,
        level: Uint8Array.from(groups, ({ level }) => level),
        most: Int32Array.from(groups, ({ most }) => most),
        least: Int32Array.from(groups, ({ least }) => least),
        members: listsOf(groups.map(({ members }) => members)),
        needs: listsOf(groups.map(({ needs }) => needs)),
        neededBy: listsOf(groups.map(({ neededBy }) => neededBy)),
      },
      groupsOf: listsOf(items),
    };
  }

  #named(ids: readonly string[], level: number): Group {
    let name = this.#nameOf.get(ids);
    if (name === undefined) {
      name = ids.join('\n');
      this.#nameOf.set(ids, name);
    }
    const members = () => [...new Set(ids.flatMap((id) => this.#snapshot.vms.index.get(id) ?? []))];
    return this.#known.get(`${level}:${name}:`) ?? this.group(members(), level, name);
  }

  #places(): Places {
    const hosts = this.#snapshot.hosts.ids.length;
    const of = new Int32Array(this.#levels.length * hosts);
    const count = this.#levels.map((level, l) => {
      const numbers = new Map<number, number>();
      for (let host = 0; host < hosts; host++) {
        const place = level[host]!;
        if (place >= 0 && !numbers.has(place)) numbers.set(place, numbers.size);
        of[l * hosts + host] = place < 0 ? -1 : numbers.get(place)!;
      }
      return numbers.size;
    });
    return { of, count: Int32Array.from(count) };
  }
}

function isSame(one: Column, other: Column): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let host = 0; host < one.length; host++) if (one[host] !== other[host]) return false;
  return true;
}
