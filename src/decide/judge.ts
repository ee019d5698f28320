import type { Draft } from '../domain/draft.ts';
import type { Profile } from '../domain/profile.ts';
import type { Refusal, Violation } from '../domain/rule.ts';
import { MINUTE } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import type { RuleOnDraft } from '../sdk/rule.ts';
import { Capacity } from './rules/capacity.ts';
import { Fitness } from './rules/fitness.ts';
import { OpenHost } from './rules/open-host.ts';
import { Separation } from './rules/separation.ts';

/** All rules at work on one draft. Every change of every policy is judged here; nothing goes around it. */
export class Judge {
  readonly capacity: Capacity;
  readonly openHost: OpenHost;
  readonly fitness: Fitness;
  readonly #draft: Draft;
  readonly #profile: Profile;
  readonly #rules: readonly RuleOnDraft[];

  constructor(draft: Draft, profile: Profile) {
    this.#draft = draft;
    this.#profile = profile;
    this.capacity = new Capacity(draft, profile.ceilings);
    this.openHost = new OpenHost(draft);
    this.fitness = new Fitness(draft);
    this.#rules = [this.openHost, this.capacity, this.fitness, new Separation(draft)];
  }

  permits(vm: number, to: number): boolean {
    for (let r = 0; r < this.#rules.length; r++) if (!this.#rules[r]!.permits(vm, to)) return false;
    return true;
  }

  /** Which rule forbids the VM that host, in words. */
  refusal(vm: number, to: number): Refusal | undefined {
    const rule = this.#rules.find((each) => !each.permits(vm, to));
    return rule && { rule: rule.id, because: rule.words(vm, to) };
  }

  /** Why the VM cannot be moved anywhere; a rule that must be repaired overrides the cool-down. */
  staysBecause(vm: number, repairing: boolean): Refusal | undefined {
    const { vms, atMs } = this.#draft.snapshot;
    const id = vms.ids[vm]!;
    if (this.#draft.isInFlight(vm)) return { rule: 'in-flight', because: `${id} is being moved already` };
    if (vms.migratable[vm] !== 1) return { rule: 'migratable', because: `${id} cannot be migrated` };
    if (vms.known[vm] !== 1) return { rule: 'known', because: `the metrics of ${id} cannot be trusted` };
    const restMs = vms.lastMoveAtMs[vm]! + this.#profile.vmCooldownMinutes * MINUTE - atMs;
    if (repairing || vms.lastMoveAtMs[vm] === 0 || restMs <= 0) return undefined;
    return { rule: 'cool-down', because: `${id} was moved a short while ago and rests for ${spanWords(restMs)} more` };
  }

  /** Why the host may not be switched off, apart from the VMs on it. */
  staysOnBecause(host: number): Refusal | undefined {
    const { hosts, vms, atMs, flights } = this.#draft.snapshot;
    const id = hosts.ids[host]!;
    if (hosts.known[host] !== 1) return { rule: 'known', because: `the metrics of ${id} cannot be trusted` };
    const unknown = this.#draft.vmsOn(host).find((vm) => vms.known[vm] !== 1);
    if (unknown !== undefined)
      return { rule: 'known', because: `the metrics of ${vms.ids[unknown]} cannot be trusted` };
    if (flights.some((flight) => flight.from === id || flight.to === id)) {
      return { rule: 'in-flight', because: `a migration from or to ${id} is under way` };
    }
    const restMs = hosts.lastPowerChangeAtMs[host]! + this.#profile.minimumOnMinutes * MINUTE - atMs;
    if (hosts.lastPowerChangeAtMs[host] === 0 || restMs <= 0) return undefined;
    return {
      rule: 'minimum-on',
      because: `${id} was switched on a short while ago and stays on for ${spanWords(restMs)} more`,
    };
  }

  violations(): Violation[] {
    return this.#rules.flatMap((rule) => rule.violations());
  }
}
