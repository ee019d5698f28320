import type { Draft } from '../../domain/draft.ts';
import { BOOTING, ON } from '../../domain/power.ts';
import type { Profile } from '../../domain/profile.ts';
import { CPU, MEMORY, RESOURCES } from '../../domain/resources.ts';
import type { FailoverRule, Violation } from '../../domain/rule.ts';
import { flagged, selectedVms } from '../../domain/selection.ts';
import { MIB } from '../../domain/units.ts';
import { shareWords } from '../../domain/words.ts';
import { NOBODY, type Supposed } from './failover-bound.ts';
import { type Kind, kindsOf } from './failover-kinds.ts';
import { FailoverMeasure, type Size, yardsticks } from './failover-measure.ts';
import type { GroupRule } from './rule-on-draft.ts';

/** A host short of ports is slow and not down: only these decide whether a VM can be started. */
const NEEDED = [CPU, MEMORY];
/** Whoever is started takes some memory, whatever is said of it. */
const LEAST_MEMORY_BYTES = MIB;

export interface FailoverParts {
  readonly rule: FailoverRule;
  readonly ceilings: Profile['evacuationCeilings'];
  /** Whether facts and required rules let the VM run on the host at all. */
  readonly mayRun: (vm: number, host: number) => boolean;
  /** Equal for VMs that may run on the same hosts. */
  readonly kindOf: (vm: number) => string;
  readonly isHostEmptied: () => boolean;
}

/**
 * Any so many hosts may fail, and what is proven in `FailoverBound` says that all protected VMs find room on the others.
 * What counts is room and what hosts can run; rules about neighbours are put right after a failure. Where the reserve is
 * not whole, a change must not make it smaller.
 */
export class Failover implements GroupRule {
  readonly id = 'failover';
  readonly #draft: Draft;
  readonly #rule: FailoverRule;
  readonly #isHostEmptied: () => boolean;
  readonly #isProtected: ArrayLike<number>;
  readonly #ceilings: readonly number[];
  /** None where nobody is protected. */
  readonly #measures: readonly FailoverMeasure[];
  /** Per needed resource and host, as of the last change that was told. */
  readonly #used: readonly Float64Array[];
  /** Protected VMs per host: a load is zero where there are none, whatever rounding has left. */
  readonly #count: Int32Array;
  #margin: number | undefined;
  /** The margin of what has been accepted; trials are held against it. */
  #accepted: number;

  constructor(draft: Draft, { rule, ceilings, mayRun, kindOf, isHostEmptied }: FailoverParts) {
    const { hosts, vms } = draft.snapshot;
    const members = selectedVms(rule, draft.snapshot);
    this.#draft = draft;
    this.#rule = rule;
    this.#isHostEmptied = isHostEmptied;
    this.#isProtected = flagged(members, vms.ids.length);
    this.#ceilings = NEEDED.map((r) => ceilings[RESOURCES[r]!.name]);
    this.#used = NEEDED.map((r) => Float64Array.from(hosts.ids, (_, host) => this.#usedAt(host, r)));
    this.#count = new Int32Array(hosts.ids.length);
    for (const vm of members) this.#count[draft.hostOf[vm]!]! += 1;
    this.#measures =
      members.length === 0 ? [] : this.#measuresFor(members, kindsOf(members, hosts.ids.length, kindOf, mayRun));
    draft.followMoves((vm, from, to) => this.#follow(vm, from, to));
    draft.followPower((host) => this.#refresh(host));
    this.#accepted = this.margin;
  }

  /** What has been tried since is accepted. */
  accept(): void {
    this.#accepted = this.margin;
  }

  /** Above zero: proven. */
  get margin(): number {
    this.#margin ??= this.#marginWith(NOWHERE, GONE, NOWHERE, GONE);
    return this.#margin;
  }

  permits(vm: number, to: number): boolean {
    const from = this.#draft.hostOf[vm]!;
    // What a host that is being emptied has left will be elsewhere in the end, and the host will be gone.
    const isEmptied = this.#isHostEmptied();
    const leaving = isEmptied ? GONE : this.#change(from, vm, -1);
    const after = this.#marginWith(from, leaving, to, this.#change(to, vm, 1));
    return after > 0 || (!isEmptied && after >= this.#accepted);
  }

  words(vm: number, to: number): string {
    const { hosts, vms } = this.#draft.snapshot;
    return `${this.#wish}, which would not be certain with ${vms.ids[vm]} on ${hosts.ids[to]}`;
  }

  remedy(): string {
    const { id, failures } = this.#rule;
    const fewer = failures === 1 ? `or take rule ${id} away` : `or let rule ${id} allow for fewer failures`;
    return `have more hosts on, ${fewer}`;
  }

  /** Why the host may not be switched off, its VMs being elsewhere by then. */
  refusesToLose(host: number): string | undefined {
    if (this.#marginWith(host, GONE, NOWHERE, GONE) > 0) return undefined;
    return `${this.#wish}, which would not be certain without ${this.#draft.snapshot.hosts.ids[host]}`;
  }

  violations(): Violation[] {
    if (this.margin > 0) return [];
    const { ids } = this.#draft.snapshot.hosts;
    const { hosts, coverage } = this.#measures
      .map((measure) => measure.weakest())
      .reduce((most, other) => (other.coverage > most.coverage ? other : most));
    const worst = hosts.map((host) => ids[host]!);
    const because = `${this.#wish}; if ${worst.join(' and ')} failed, only ${shareWords(coverage)} of it would be certain`;
    return [{ rule: this.id, because, remedy: this.remedy(), vms: [], host: worst[0] ?? ids[0]! }];
  }

  breach(): number {
    return this.margin > 0 ? 0 : Number.MIN_VALUE - this.margin;
  }

  get #wish(): string {
    const { id, failures } = this.#rule;
    return `rule ${id} wants room for what ${failures === 1 ? 'any one host runs' : `any ${failures} hosts run`}`;
  }

  /** If two hosts were to change so: proven by one measure is proven, and where none proves it the best one counts. */
  #marginWith(one: number, oneChange: Change, other: number, otherChange: Change): number {
    if (this.#measures.length === 0) return Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let m = 0; m < this.#measures.length && most <= 0; m++) {
      const measure = this.#measures[m]!;
      most = Math.max(most, measure.marginWith(changed(measure, one, oneChange), changed(measure, other, otherChange)));
    }
    return most;
  }

  /** The host with the VM or without it. */
  #change(host: number, vm: number, sign: 1 | -1): Change {
    const size = this.#sizeOf(vm);
    const count = sign * this.#isProtected[vm]!;
    return { size, count, room: this.#roomAt(host, size, sign), isLoaded: this.#count[host]! + count > 0 };
  }

  /** As if all who are on their way had arrived: nobody is woken for the sake of a copy that is soon done. */
  #usedAt(host: number, resource: number): number {
    return this.#draft.used(resource)[host]! - (this.#draft.held(resource)?.[host] ?? 0);
  }

  #sizeOf(vm: number): Size {
    const { demand } = this.#draft.snapshot.vms;
    return NEEDED.map((r) => Math.max(demand[r]![vm]!, r === MEMORY ? LEAST_MEMORY_BYTES : 0));
  }

  /** Less than nothing where the host takes nobody on. A host that boots counts: it has been sent for. */
  #roomAt(host: number, arriving?: Size, sign: 1 | -1 = 1): Size {
    const { capacity, known, maintenance } = this.#draft.snapshot.hosts;
    const power = this.#draft.power[host];
    const isStanding = (power === ON || power === BOOTING) && known[host] === 1 && maintenance[host] !== 1;
    return NEEDED.map((r, i) => {
      if (!isStanding) return -1;
      return capacity[r]![host]! * this.#ceilings[i]! - this.#used[i]![host]! - sign * (arriving?.[i] ?? 0);
    });
  }

  #measuresFor(members: readonly number[], kinds: readonly Kind[]): FailoverMeasure[] {
    const sizes = members.map((vm) => this.#sizeOf(vm));
    const total = NEEDED.map((_, i) => sizes.reduce((sum, size) => sum + size[i]!, 0));
    const largest = NEEDED.map((_, i) => sizes.reduce((most, size) => Math.max(most, size[i]!), 0));
    const rooms = Array.from(this.#count, (_, host) => this.#roomAt(host));
    const measures = yardsticks(members.length, total, largest).map((yardstick) => {
      const load = new Float64Array(this.#count.length);
      members.forEach((vm, m) => {
        load[this.#draft.hostOf[vm]!]! += yardstick.weightOf(sizes[m]!);
      });
      return new FailoverMeasure(yardstick, this.#rule.failures, kinds, load, rooms);
    });
    // What proves most is asked first.
    const margin = (measure: FailoverMeasure) => measure.marginWith(NOBODY, NOBODY);
    return measures.sort((a, b) => margin(b) - margin(a));
  }

  #follow(vm: number, from: number, to: number): void {
    for (const [host, sign] of [
      [from, -1],
      [to, 1],
    ] as const) {
      const change = this.#change(host, vm, sign);
      for (const measure of this.#measures) measure.set(changed(measure, host, change));
      this.#count[host]! += sign * this.#isProtected[vm]!;
      this.#refresh(host);
    }
  }

  #refresh(host: number): void {
    NEEDED.forEach((r, i) => {
      this.#used[i]![host] = this.#usedAt(host, r);
    });
    const room = this.#roomAt(host);
    for (const measure of this.#measures) {
      measure.set({ host, load: measure.loadOf(host), spare: measure.yardstick.spareOf(room) });
    }
    this.#margin = undefined;
  }
}

/** What would become of a host: protected VMs that come or go, the room that it has then, and whether any are there. */
interface Change {
  readonly size: Size;
  readonly count: number;
  readonly room: Size;
  readonly isLoaded: boolean;
}

const NOWHERE = -1;
const GONE: Change = { size: [], count: 0, room: [NOWHERE], isLoaded: false };

function changed(measure: FailoverMeasure, host: number, { size, count, room, isLoaded }: Change): Supposed {
  const load = isLoaded ? measure.loadOf(host) + count * measure.yardstick.weightOf(size) : 0;
  return { host, load, spare: measure.yardstick.spareOf(room) };
}
