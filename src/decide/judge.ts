import { hostDoubtWords, vmDoubtWords } from '../domain/doubt.ts';
import type { Draft } from '../domain/draft.ts';
import { SHUTTING_DOWN } from '../domain/power.ts';
import type { Profile } from '../domain/profile.ts';
import type { Refusal, Violation } from '../domain/rule.ts';
import { MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';
import type { Affinity } from './rules/affinity.ts';
import { authoredRules } from './rules/authored.ts';
import { Capacity } from './rules/capacity.ts';
import { declaredRules } from './rules/declared.ts';
import type { Failover } from './rules/failover.ts';
import type { Fitness } from './rules/fitness.ts';
import { OpenHost } from './rules/open-host.ts';
import type { GroupRule, RuleOnDraft } from './rules/rule-on-draft.ts';

/** A VM that has been moved, and where it was. */
export interface Moved {
  readonly vm: number;
  readonly from: number;
}

/** All rules at work on one draft. Every change of every policy is judged here; nothing goes around it. */
export class Judge {
  readonly capacity: Capacity;
  readonly openHost: OpenHost;
  readonly fitness: Fitness;
  readonly affinity: Affinity | undefined;
  readonly failovers: readonly Failover[];
  readonly #draft: Draft;
  readonly #profile: Profile;
  /** Those that go by what VM and host are, whoever else is there. */
  readonly #ofPlaces: readonly RuleOnDraft[];
  /** Of those, the ones that never change. */
  readonly #ofKinds: readonly RuleOnDraft[];
  /** Those that hold VM by VM. */
  readonly #strict: readonly RuleOnDraft[];
  /** Those that a group of moves may break one by one and keep in the end. */
  readonly #ofGroups: readonly GroupRule[];
  readonly #rules: readonly RuleOnDraft[];
  /** Beyond openness, capacity and fitness: rules that matter to every VM, and rules that matter to some. */
  readonly #ofAll: readonly RuleOnDraft[];
  readonly #ofSome: readonly RuleOnDraft[];
  /** By VM: whether any of the latter may matter to it. */
  readonly #isConcerned: Uint8Array;
  /** What is broken as far as the draft has been accepted, once somebody has asked, and how far that is. */
  #broken: readonly Violation[] | undefined;
  #acceptedMark: number;
  /** By VM; worked out when first asked for. */
  #mayMove: Uint8Array | undefined;

  constructor(draft: Draft, profile: Profile, policies: readonly LoadedPolicy[] = []) {
    this.#draft = draft;
    this.#acceptedMark = draft.mark();
    this.#profile = profile;
    this.capacity = new Capacity(draft, profile);
    this.openHost = new OpenHost(draft);
    const declared = declaredRules(draft, profile, () => this.capacity.forPeaks);
    this.fitness = declared.fitness;
    this.affinity = declared.affinity;
    this.failovers = declared.failovers;
    const authored = authoredRules(draft, policies);
    this.#ofKinds = [this.fitness, ...declared.hostRules];
    this.#ofPlaces = [this.openHost, ...this.#ofKinds, ...authored];
    // What is most often in the way is asked first.
    this.#strict = [this.openHost, this.capacity, this.fitness, ...declared.hostRules, ...declared.others, ...authored];
    this.#ofGroups = [...(this.affinity === undefined ? [] : [this.affinity]), ...this.failovers];
    this.#rules = [...this.#strict, ...this.#ofGroups];
    const quick: readonly RuleOnDraft[] = [this.openHost, this.capacity, this.fitness];
    const others = this.#rules.filter((rule) => !quick.includes(rule));
    this.#ofAll = others.filter(({ concerned }) => concerned === undefined);
    this.#ofSome = others.filter(({ concerned }) => concerned !== undefined);
    this.#isConcerned = new Uint8Array(draft.snapshot.vms.ids.length);
    for (const { concerned } of this.#ofSome) for (const vm of concerned ?? []) this.#isConcerned[vm] = 1;
  }

  permits(vm: number, to: number): boolean {
    if (!this.openHost.isOpen(to) || !this.capacity.permits(vm, to) || !this.fitness.permits(vm, to)) return false;
    return (this.#isConcerned[vm] === 0 || allPermit(this.#ofSome, vm, to)) && allPermit(this.#ofAll, vm, to);
  }

  /** Whether the VM may be on that host whenever that is on: what it is made for, and where rules want it. */
  suits(vm: number, on: number): boolean {
    for (let r = 0; r < this.#ofKinds.length; r++) if (!this.#ofKinds[r]!.permits(vm, on)) return false;
    return true;
  }

  /** Whether the VM may be on that host at all, room and company apart. */
  mayRun(vm: number, on: number): boolean {
    for (let r = 0; r < this.#ofPlaces.length; r++) if (!this.#ofPlaces[r]!.permits(vm, on)) return false;
    return true;
  }

  /** Which rule forbids the VM that host, in words. */
  refusal(vm: number, to: number): Refusal | undefined {
    return refusalBy(this.#rules, vm, to);
  }

  /** Every rule that forbids it. */
  refusals(vm: number, to: number): Refusal[] {
    return this.#rules.flatMap((rule) => refusalBy([rule], vm, to) ?? []);
  }

  /** To be told when a trial has become part of the draft. */
  accept(): void {
    for (const failover of this.failovers) failover.accept();
    this.#acceptedMark = this.#draft.mark();
    this.#broken = undefined;
  }

  /** To be asked before a group of changes, and told to `groupRefusal` after it. */
  groupBreaches(vms: readonly number[]): readonly number[] {
    return this.#ofGroups.map((rule) => rule.breach(vms));
  }

  /** All of these have been moved, in whatever order: which rule forbids what has come of it. */
  groupRefusal(moved: readonly Moved[], before: readonly number[]): Refusal | undefined {
    for (const { vm, from } of moved) {
      const to = this.#draft.hostOf[vm]!;
      if (to === from) continue;
      // As if it were the last one to go: all others are where they will be.
      const mark = this.#draft.mark();
      this.#draft.move(vm, from);
      const refusal = refusalBy(this.#strict, vm, to);
      this.#draft.undo(mark);
      if (refusal !== undefined) return refusal;
    }
    const vms = moved.map(({ vm }) => vm);
    const broken = this.#ofGroups.find((rule, r) => rule.breach(vms) > before[r]!);
    return broken && violationOf(broken, vms, this.#draft);
  }

  /** Whether the VM may be moved at all, for anything but the repair of a rule. */
  mayMove(vm: number): boolean {
    this.#mayMove ??= this.#movable();
    return this.#mayMove[vm] === 1;
  }

  #movable(): Uint8Array {
    const movable = new Uint8Array(this.#isConcerned.length);
    const { migratable, known } = this.#draft.snapshot.vms;
    for (let vm = 0; vm < movable.length; vm++) {
      movable[vm] = Number(
        migratable[vm] === 1 && known[vm] === 1 && !this.#draft.isInFlight(vm) && this.#restMs(vm) <= 0,
      );
    }
    return movable;
  }

  /** For how long the VM is to be left alone, because it was moved. */
  #restMs(vm: number): number {
    const { vms, atMs } = this.#draft.snapshot;
    const lastMoveAtMs = vms.lastMoveAtMs[vm]!;
    return lastMoveAtMs === 0 ? 0 : lastMoveAtMs + this.#profile.vmCooldownMinutes * MINUTE - atMs;
  }

  /** Why the VM cannot be moved anywhere; a rule that must be repaired overrides the cool-down. */
  staysBecause(vm: number, repairing: boolean): Refusal | undefined {
    const { vms } = this.#draft.snapshot;
    const id = vms.ids[vm]!;
    if (this.#draft.isInFlight(vm))
      return refused('in-flight', `${id} is being moved already`, 'wait until it has arrived');
    if (vms.migratable[vm] !== 1)
      return refused('migratable', this.#tieWords(vm), `take away what ties ${id} to its host`);
    if (vms.known[vm] !== 1)
      return refused('known', vmDoubtWords(this.#draft.snapshot, vm), 'wait until they can be trusted');
    const restMs = this.#restMs(vm);
    if (repairing || restMs <= 0) return undefined;
    const rest = spanWords(restMs);
    return refused('cool-down', `${id} was moved a short while ago and rests for ${rest} more`, `wait for ${rest}`);
  }

  #tieWords(vm: number): string {
    const { hosts, vms, pools } = this.#draft.snapshot;
    const host = vms.host[vm]!;
    const isLeaving = this.#draft.power[host] === SHUTTING_DOWN;
    const tie = pools.texts[vms.tieText[vm]!]! || (isLeaving ? `${hosts.ids[host]} shuts down` : '');
    return `${vms.ids[vm]} cannot be migrated${tie === '' ? '' : `: ${tie}`}`;
  }

  /** Why the host may not be switched off, apart from the VMs on it. */
  staysOnBecause(host: number): Refusal | undefined {
    const { snapshot } = this.#draft;
    const { hosts, vms, atMs, flights } = snapshot;
    const id = hosts.ids[host]!;
    if (hosts.known[host] !== 1) return { rule: 'known', because: hostDoubtWords(snapshot, host) };
    if (hosts.provenToWake[host] !== 1)
      return { rule: 'proof-of-wake', because: `nobody has seen ${id} come back after it was switched off` };
    const unknown = this.#draft.vmsOn(host).find((vm) => vms.known[vm] !== 1);
    if (unknown !== undefined) return { rule: 'known', because: vmDoubtWords(snapshot, unknown) };
    // One from there is on its way out, and the switch waits for it: a host that is being emptied stays the one to empty.
    if (flights.some((flight) => flight.to === id)) {
      return { rule: 'in-flight', because: `a migration to ${id} is under way` };
    }
    for (const failover of this.failovers) {
      const because = failover.refusesToLose(host);
      if (because !== undefined) return { rule: failover.id, because, remedy: failover.remedy() };
    }
    const restMs = hosts.lastPowerChangeAtMs[host]! + this.#profile.minimumOnMinutes * MINUTE - atMs;
    if (hosts.lastPowerChangeAtMs[host] === 0 || restMs <= 0) return undefined;
    return {
      rule: 'minimum-on',
      because: `${id} was switched on a short while ago and stays on for ${spanWords(restMs)} more`,
    };
  }

  /** Of all rules, or of those with that id. */
  violations(id?: string): readonly Violation[] {
    if (id !== undefined) return this.#rules.filter((rule) => rule.id === id).flatMap((rule) => rule.violations());
    // To look at every VM takes its time in a large fleet.
    const isOnTrial = this.#draft.mark() !== this.#acceptedMark;
    if (!isOnTrial && this.#broken !== undefined) return this.#broken;
    const broken = this.#rules.flatMap((rule) => rule.violations());
    if (!isOnTrial) this.#broken = broken;
    return broken;
  }

  /** Whether going there would do anything about what is broken of those rules. */
  helps(id: string, vm: number, to: number): boolean {
    return this.#rules.every((rule) => rule.id !== id || rule.helps?.(vm, to) !== false);
  }
}

function allPermit(rules: readonly RuleOnDraft[], vm: number, to: number): boolean {
  for (let r = 0; r < rules.length; r++) if (!rules[r]!.permits(vm, to)) return false;
  return true;
}

const refused = (rule: string, because: string, remedy: string): Refusal => ({ rule, because, remedy });

function refusalBy(rules: readonly RuleOnDraft[], vm: number, to: number): Refusal | undefined {
  const rule = rules.find((each) => !each.permits(vm, to));
  return rule && { rule: rule.id, because: rule.words(vm, to), remedy: rule.remedy(vm, to) };
}

/** What is broken of a rule, as far as these VMs are concerned. */
function violationOf(rule: GroupRule, vms: readonly number[], { snapshot }: Draft): Refusal {
  const concerned = new Set(vms.map((vm) => snapshot.vms.ids[vm]!));
  const found = rule.violations().find((each) => each.vms.length === 0 || each.vms.some((vm) => concerned.has(vm)));
  return { rule: rule.id, because: found?.because ?? `rule ${rule.id} would be farther from being kept` };
}
