import type { Column } from '../../domain/columns.ts';
import type { Draft } from '../../domain/draft.ts';
import { OFF } from '../../domain/power.ts';
import { RESOURCE_COUNT } from '../../domain/resources.ts';
import type { LoadedPolicy } from '../../sdk/choose.ts';
import { HostView, type Reading, VmView } from '../../sdk/views.ts';
import { OnceCosts } from '../once.ts';
import { PolicyFault } from '../policy-fault.ts';
import type { Opaque } from './model.ts';
import type { Statement } from './statement.ts';
import { hoursOf } from './stock-columns.ts';

/** The outlook's sums stand behind those of the built-in resources, and the counted ones behind these. */
const [VARIANCE, PEAK, LOW, SOON, LATER] = [0, 1, 2, 3, 4].map((n) => RESOURCE_COUNT + n) as [
  number,
  number,
  number,
  number,
  number,
];
const FIRST_COUNTED = RESOURCE_COUNT + 5;

/** What functions of authors say, asked about one host or VM at a time. */
export function opaqueOf(statement: Statement, hostPolicies: readonly LoadedPolicy[]): Opaque {
  const ofVms = statement.policies.filter(({ policy }) => policy.cost.vm !== undefined);
  return {
    ...(hostPolicies.length > 0 ? { hostCost: hostCostOf(statement, hostPolicies) } : {}),
    ...(ofVms.length > 0 ? { itemCost: itemCostOf(statement, ofVms) } : {}),
    ...(statement.mayRun === undefined ? {} : { mayRun: statement.mayRun }),
  };
}

function hostCostOf(statement: Statement, policies: readonly LoadedPolicy[]): NonNullable<Opaque['hostCost']> {
  const { prices, draft, maySleep } = statement;
  const stage = new Stage(statement);
  const view = new HostView(stage);
  const hours = hoursOf(statement);
  const once = new OnceCosts(draft.snapshot, prices);
  const ask = () => policies.reduce((sum, each) => sum + each.weight * hours * costOf(each, view, prices), 0);
  return (host, used, items) => {
    view.index = host;
    stage.show(host, used, items);
    const awake = ask();
    if (items > 0 || maySleep?.(host) !== true) return awake;
    stage.power[host] = OFF;
    const asleep = ask() + once.ofSwitchingOff(host) * statement.profile.margin;
    stage.power[host] = draft.power[host]!;
    return Math.min(awake, asleep);
  };
}

function costOf({ policy, values }: LoadedPolicy, view: HostView, prices: Statement['prices']): number {
  const cost = policy.cost.host?.(view, values, prices) ?? 0;
  if (Number.isFinite(cost)) return cost;
  throw new PolicyFault(policy.id, `what it charges for ${view.id} is ${cost}`);
}

function itemCostOf(statement: Statement, policies: readonly LoadedPolicy[]): NonNullable<Opaque['itemCost']> {
  const { draft, prices } = statement;
  const vm = new VmView(draft);
  const host = new HostView(draft);
  const hours = hoursOf(statement);
  return (item, on) => {
    vm.index = item;
    host.index = on;
    let sum = 0;
    for (const { policy, values, weight } of policies)
      sum += weight * (policy.cost.vm?.(vm, host, values, prices) ?? 0);
    return sum * hours;
  };
}

/** A fleet of which one host at a time is as a search would like it. */
class Stage implements Reading {
  readonly #draft: Draft;
  readonly snapshot: Reading['snapshot'];
  readonly counted: Reading['counted'];
  readonly hostOf: Column;
  readonly power: Uint8Array;
  readonly vmCount: Int32Array;
  readonly #sums: readonly Float64Array[];

  constructor({ draft }: Statement) {
    const hosts = draft.vmCount.length;
    this.#draft = draft;
    this.snapshot = draft.snapshot;
    this.counted = draft.counted;
    this.hostOf = draft.hostOf;
    this.power = Uint8Array.from({ length: hosts }, (_, host) => draft.power[host]!);
    this.vmCount = new Int32Array(hosts);
    this.#sums = Array.from({ length: FIRST_COUNTED + draft.counted.length }, () => new Float64Array(hosts));
  }

  used(resource: number): Column {
    return this.#sums[resource]!;
  }

  held(resource: number): Column | undefined {
    return this.#draft.held(resource);
  }

  countedUsed(resource: number): Column {
    return this.#sums[FIRST_COUNTED + resource]!;
  }

  countedHeld(resource: number): Column | undefined {
    return this.#draft.countedHeld(resource);
  }

  get cpuVariance(): Column {
    return this.#sums[VARIANCE]!;
  }

  get cpuPeak(): Column {
    return this.#sums[PEAK]!;
  }

  get cpuLow(): Column {
    return this.#sums[LOW]!;
  }

  get cpuSoon(): Column {
    return this.#sums[SOON]!;
  }

  get cpuLater(): Column {
    return this.#sums[LATER]!;
  }

  show(host: number, used: Float64Array, items: number): void {
    this.vmCount[host] = items;
    for (let s = 0; s < this.#sums.length; s++) this.#sums[s]![host] = used[s]!;
  }
}
