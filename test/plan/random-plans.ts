/** Random datacenters with random things to do, feasible at their start and at their end. */
import type { Change } from '../../src/domain/change.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { PHASES } from '../../src/domain/decision.ts';
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
  /** The same, drawn anew for each host, up to that. */
  readonly isSpareDrawn?: boolean;
  /** So much of the moves goes round in rings of two to five hosts that have no room to spare at all. */
  readonly ringShare?: number;
  readonly withRules: boolean;
  readonly withPower: boolean;
  readonly inGroups: boolean;
  /** All is equally urgent. */
  readonly onePhase?: boolean;
  /** Racks, storages, disks that have to come along, and VMs that may be saved. */
  readonly isMixed?: boolean;
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
  const { inventory, decisions } = randomWork(wishes, seed);
  return planned(inventory, decisions, wishes.limits ?? DEFAULT_LIMITS);
}

/** What there is to do, not planned yet. */
export function randomWork(wishes: Wishes, seed: number): Pick<PlanUnderTest, 'inventory' | 'decisions'> {
  const below = chance(seed);
  const inRings = Math.floor(wishes.moves * (wishes.ringShare ?? 0));
  const ringHosts = inRings === 0 ? 0 : Math.max(2, Math.floor(wishes.hosts / 8));
  const loose = wishes.hosts - ringHosts;
  const emptied = wishes.withPower ? Math.floor(loose / 8) : 0;
  const asleep = wishes.withPower ? Math.floor(loose / 8) : 0;
  const vms: Vm[] = many(wishes.moves - inRings, (n) => {
    const host = asleep + below(loose - asleep);
    return randomVm(`vm${n}`, host, 1 + below(16), wishes, below);
  });
  const targets = new Map(vms.map((vm) => [vm.id, hostId(below(loose - emptied))]));
  for (const { vm, to } of ringMoves(inRings, loose, ringHosts, wishes, below)) {
    vms.push(vm);
    targets.set(vm.id, to);
  }
  const spareBytes = (host: number) => {
    if (host >= loose) return 0;
    return (wishes.isSpareDrawn ? below(wishes.spareGib + 1) : wishes.spareGib) * GIB;
  };
  const needs = [needAt(vms, ({ host }) => host), needAt(vms, ({ id }) => targets.get(id)!)];
  const hosts = many(wishes.hosts, (n) => {
    const [start, end] = needs.map((need) => need.get(hostId(n - 1)) ?? 0);
    const memoryBytes = Math.max(start!, end!) + spareBytes(n - 1);
    const power = n - 1 < asleep ? ('off' as const) : ('on' as const);
    return aHost({ id: hostId(n - 1), rack: `rack${n % 4}`, power, capacity: { memoryBytes } });
  });
  const rules = wishes.withRules ? [...separations(vms, targets), ...crowdLimits(vms, targets)] : [];
  const inventory = anInventory({ hosts, vms, rules });
  const moves = vms.flatMap((vm) =>
    targets.get(vm.id) === vm.host ? [] : [move(vm.id, vm.host, targets.get(vm.id)!)],
  );
  const switches = hosts.slice(0, loose).flatMap((host, index) => {
    if (index < asleep) return [power(host.id, 'on')];
    return index >= loose - emptied ? [power(host.id, 'off')] : [];
  });
  const decisions = decided([...switches, ...moves], wishes.inGroups ? 3 : 1, wishes.onePhase ? () => 0 : below);
  return { inventory, decisions };
}

const hostId = (index: number) => `h${index}`;

function randomVm(id: string, host: number, gib: number, { isMixed }: Wishes, below: (n: number) => number): Vm {
  const mixed = {
    storages: [`san${below(3)}`],
    localDiskBytes: below(8) === 0 ? below(20) * GIB : 0,
    quickAllowed: below(2) === 0,
  };
  const dirtyBytesPerS = below(200) * MIB;
  return aVm({ id, host: hostId(host), demand: { memoryBytes: gib * GIB }, dirtyBytesPerS, ...(isMixed && mixed) });
}

/** VMs of one size that follow each other from host to host, each into the room of the next. */
function ringMoves(count: number, first: number, hosts: number, wishes: Wishes, below: (n: number) => number) {
  const found: { vm: Vm; to: string }[] = [];
  while (found.length < count) {
    const size = Math.min(2 + below(4), hosts);
    const start = below(hosts);
    const gib = 1 + below(16);
    for (let at = 0; at < size; at++) {
      const vm = randomVm(`ring${found.length}`, first + ((start + at) % hosts), gib, wishes, below);
      found.push({ vm, to: hostId(first + ((start + ((at + 1) % size)) % hosts)) });
    }
  }
  return found;
}

function needAt(vms: readonly Vm[], hostOf: (vm: Vm) => string): Map<string, number> {
  const need = new Map<string, number>();
  for (const vm of vms) need.set(hostOf(vm), (need.get(hostOf(vm)) ?? 0) + vm.demand.memoryBytes);
  return need;
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

/** Two more on a host than there are at the start or at the end, whichever is more. */
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
    { kind: 'most-vms', id: 'few', most: few + 2, vms: third, vmLabels: {}, ...hosts },
    {
      kind: 'backups',
      id: 'nightly',
      most: Math.max(...atOnce, 0) + 2,
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
