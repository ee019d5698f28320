import type { DecideInput } from '../../src/decide/decide.ts';
import { OnceCosts } from '../../src/decide/once.ts';
import { isAccepted, type Verdicts } from '../../src/domain/decision.ts';
import { ON } from '../../src/domain/power.ts';
import { CPU } from '../../src/domain/resources.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';
import { contentionPerCore } from './small-cases.ts';

/** Where every VM is and which hosts are on. */
export interface Places {
  readonly hostOf: readonly number[];
  readonly on: readonly boolean[];
}

/** Where they are when all that was accepted has been carried out. */
export function placesAfter({ hosts, vms }: Snapshot, verdicts: Verdicts): Places {
  const hostOf = Array.from(vms.host);
  const on = Array.from(hosts.power, (power) => power === ON);
  for (const change of verdicts.decisions.filter(isAccepted).flatMap(({ changes }) => changes)) {
    if (change.kind === 'move') hostOf[vms.index.get(change.vm)!] = hosts.index.get(change.to)!;
    else on[hosts.index.get(change.host)!] = change.to === 'on';
  }
  return { hostOf, on };
}

/** The cost that the engine lowers, written down a second time: from the case, not from the engine's terms. */
export class Objective {
  readonly input: DecideInput;
  readonly snapshot: Snapshot;
  readonly hours: number;
  readonly onceCosts: OnceCosts;
  readonly contends: boolean;

  constructor(input: DecideInput) {
    this.input = input;
    this.snapshot = input.snapshot;
    this.hours = (input.profile.horizonMinutes * MINUTE) / HOUR;
    this.onceCosts = new OnceCosts(input.snapshot, input.prices);
    this.contends = input.policies.length > 1;
  }

  get before(): Places {
    const { hosts, vms } = this.snapshot;
    return { hostOf: Array.from(vms.host), on: Array.from(hosts.power, (power) => power === ON) };
  }

  /** Money per hour. */
  running({ hostOf, on }: Places): number {
    return on.reduce((sum, isOn, host) => {
      if (!isOn) return sum + this.perWatt * this.model(host).offWatts;
      const share = hostOf.reduce((load, at, vm) => load + (at === host ? this.share(vm, host) : 0), 0);
      const contention = this.contends ? this.snapshot.hosts.cores[host]! * contentionPerCore(share) : 0;
      return sum + this.idle(host) + this.slope(host) * share + contention;
    }, 0);
  }

  /** Money once. */
  once(after: Places): number {
    const { hostOf, on } = this.before;
    const moves = hostOf.reduce((sum, from, vm) => sum + this.moving(vm, from, after.hostOf[vm]!), 0);
    return on.reduce((sum, wasOn, h) => (wasOn && !after.on[h] ? sum + this.onceCosts.ofSwitchingOff(h) : sum), moves);
  }

  objective(after: Places): number {
    return this.running(after) * this.hours + this.once(after) * this.input.profile.margin;
  }

  moving(vm: number, from: number, to: number): number {
    return from === to ? 0 : this.onceCosts.ofMove(vm, from, to);
  }

  share(vm: number, host: number): number {
    return this.snapshot.vms.demand[CPU]![vm]! / this.snapshot.hosts.capacity[CPU]![host]!;
  }

  idle(host: number): number {
    return this.perWatt * this.model(host).watts[0]!;
  }

  slope(host: number): number {
    const [idle = 0, full = 0] = this.model(host).watts;
    return this.perWatt * (full - idle);
  }

  model(host: number) {
    const { hosts, pools } = this.snapshot;
    return pools.powerModels[hosts.powerModel[host]!]!;
  }

  get perWatt(): number {
    const { pue, perKwh } = this.input.prices;
    return (pue * perKwh) / 1000;
  }
}
