/** Random datacenters with random things to do, feasible at their start and at their end. */
import type { Change } from '../../src/domain/change.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { PHASES } from '../../src/domain/decision.ts';
import type { Host } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Limits } from '../../src/domain/profile.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import type { Rule, SeparateRule } from '../../src/domain/rule.ts';
import { GIB, MIB } from '../../src/domain/units.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';
import type { PlanUnderTest } from '../kit/plan-checker.ts';
import { aDecision, move, power, theVerdicts } from '../kit/verdicts.ts';

export interface Wishes {
  readonly hosts: number;
  readonly moves: number;
  /** Room of each host beyond what its VMs need at the start and at the end. */
  readonly spareGib: number;
  readonly withRules: boolean;
  readonly withPower: boolean;
  readonly inGroups: boolean;
  /** Phases go strictly one before the other, which costs time. */
  readonly onePhase?: boolean;
  readonly limits?: Limits;
}

/** Chance that a seed repeats: a small generator of its own, so that a failure can be drawn again. */
export function chance(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

export function randomPlan(wishes: Wishes, seed: number): PlanUnderTest {
  const below = chance(seed);
  const emptied = wishes.withPower ? Math.floor(wishes.hosts / 8) : 0;
  const asleep = wishes.withPower ? Math.floor(wishes.hosts / 8) : 0;
  const id = (index: number) => `h${index}`;
  const vms: Vm[] = many(wishes.moves, (n) =>
    aVm({
      id: `vm${n}`,
      host: id(asleep + below(wishes.hosts - asleep)),
      demand: { memoryBytes: (1 + below(16)) * GIB },
      dirtyBytesPerS: below(200) * MIB,
    }),
  );
  const targets = new Map(vms.map((vm) => [vm.id, id(below(wishes.hosts - emptied))]));
  const rules = wishes.withRules ? [...separations(vms, targets), ...crowdLimits(vms, targets)] : [];
  const inventory: Inventory = anInventory({
    hosts: many(wishes.hosts, (n) => roomyHost(id(n - 1), n - 1 < asleep, n, vms, targets, wishes.spareGib)),
    vms,
    rules,
  });
  const moves = vms.flatMap((vm) =>
    targets.get(vm.id) === vm.host ? [] : [move(vm.id, vm.host, targets.get(vm.id)!)],
  );
  const switches = inventory.hosts.flatMap((host, index) => {
    if (index < asleep) return [power(host.id, 'on')];
    return index >= wishes.hosts - emptied ? [power(host.id, 'off')] : [];
  });
  const decisions = decided([...switches, ...moves], wishes.inGroups ? 3 : 1, wishes.onePhase ? () => 0 : below);
  return planned(inventory, decisions, wishes.limits ?? DEFAULT_LIMITS);
}

export function planned(inventory: Inventory, decisions: readonly Decision[], limits: Limits): PlanUnderTest {
  const plan = makePlan({ snapshot: toSnapshot(inventory), verdicts: theVerdicts(decisions), limits, atMs: NOON_MS });
  return { plan, inventory, limits, decisions };
}

function decided(changes: readonly Change[], size: number, below: (n: number) => number): Decision[] {
  const decisions: Decision[] = [];
  for (let at = 0; at < changes.length; at += size) {
    const phase = PHASES[below(PHASES.length)] ?? 'improve';
    decisions.push(aDecision(changes.slice(at, at + size), { id: `d${decisions.length + 1}`, phase }));
  }
  return decisions;
}

function roomyHost(
  id: string,
  isAsleep: boolean,
  number: number,
  vms: readonly Vm[],
  targets: ReadonlyMap<string, string>,
  spareGib: number,
): Host {
  const need = (isHere: (vm: Vm) => boolean) => vms.filter(isHere).reduce((sum, vm) => sum + vm.demand.memoryBytes, 0);
  const most = Math.max(
    need((vm) => vm.host === id),
    need((vm) => targets.get(vm.id) === id),
  );
  const memoryBytes = most + spareGib * GIB;
  return aHost({ id, rack: `rack${number % 4}`, power: isAsleep ? 'off' : 'on', capacity: { memoryBytes } });
}

/** Groups of three or so that are apart at the start and at the end. */
function separations(vms: readonly Vm[], targets: ReadonlyMap<string, string>): SeparateRule[] {
  const rules: SeparateRule[] = [];
  for (let at = 0; at + 4 < vms.length; at += 5) {
    const members: Vm[] = [];
    for (const vm of vms.slice(at, at + 5)) {
      const isApart = members.every((m) => m.host !== vm.host && targets.get(m.id) !== targets.get(vm.id));
      if (isApart) members.push(vm);
    }
    rules.push({ kind: 'anti-affinity', id: `apart${at}`, vms: members.map((vm) => vm.id), level: 'host' });
  }
  return rules;
}

/** As many on a host as there are at the start or at the end, whichever is more. */
function crowdLimits(vms: readonly Vm[], targets: ReadonlyMap<string, string>): Rule[] {
  const third = vms.filter((_, n) => n % 3 === 0).map(({ id }) => id);
  const hosts = { hosts: [], hostLabels: {} };
  const few = mostTogether(vms, targets, (vm) => third.includes(vm.id));
  const job = (n: number) => ({ startMinute: 600 * n, minutes: 700, vms: vms.slice(n * 9, n * 9 + 9), vmLabels: {} });
  const jobs = [0, 1, 2].map(job).filter((each) => each.vms.length > 0);
  const atOnce = jobs.map((one) =>
    mostTogether(vms, targets, (vm) => jobs.some((other) => other.vms.includes(vm) && overlap(one, other))),
  );
  return [
    { kind: 'most-vms', id: 'few', most: Math.max(1, few), vms: third, vmLabels: {}, ...hosts },
    {
      kind: 'backups',
      id: 'nightly',
      most: Math.max(1, ...atOnce),
      jobs: jobs.map((each) => ({ ...each, vms: each.vms.map(({ id }) => id) })),
      ...hosts,
    },
  ];
}

const overlap = (one: { startMinute: number }, other: { startMinute: number }): boolean =>
  Math.abs(one.startMinute - other.startMinute) < 700;

function mostTogether(vms: readonly Vm[], targets: ReadonlyMap<string, string>, isMeant: (vm: Vm) => boolean): number {
  const counts = new Map<string, number>();
  for (const vm of vms.filter(isMeant)) {
    for (const place of [`before ${vm.host}`, `after ${targets.get(vm.id)}`])
      counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}
