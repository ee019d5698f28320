/**
 * The second judge of plans. It shares nothing with the planner but the domain's words: it replays a plan instant by
 * instant on plain objects and says in words what is wrong. No complaint: the plan is sound.
 */
import type { Change } from '../../src/domain/change.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { Plan, Step } from '../../src/domain/plan.ts';
import type { Limits } from '../../src/domain/profile.ts';
import type { SeparateRule } from '../../src/domain/rule.ts';

export interface PlanUnderTest {
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly limits: Limits;
  readonly decisions: readonly Decision[];
}

/** Everything that is wrong with the plan as it is timed. */
export function complaintsAbout(test: PlanUnderTest): string[] {
  const world = new World(test.inventory);
  const complaints = [...dependencyComplaints(test.plan), ...figureComplaints(test.plan)];
  for (const { step, isStart } of timeline(test.plan.steps)) {
    complaints.push(...(isStart ? world.start(step) : world.end(step)), ...world.limitComplaints(test.limits));
  }
  return [...complaints, ...completenessComplaints(test, world)];
}

/**
 * Runs the steps in some other order that keeps only what `after` asks for, and the places VMs come from: whatever the
 * steps really take, room and rules must hold. `pick` chooses among what may happen next.
 */
export function complaintsInAnyOrder({ plan, inventory }: PlanUnderTest, pick: (among: number) => number): string[] {
  const world = new World(inventory);
  const complaints: string[] = [];
  const done = new Set<string>();
  const running = new Set<Step>();
  const waiting = new Set(plan.steps);
  while (waiting.size + running.size > 0) {
    const ready = [...waiting].filter((step) => step.after.every((id) => done.has(id)));
    const options = [...ready, ...running];
    const step = options[pick(options.length)];
    if (step === undefined) return [...complaints, 'nothing can go on: the dependencies run in a circle'];
    if (waiting.delete(step)) {
      complaints.push(...world.start(step));
      running.add(step);
    } else {
      complaints.push(...world.end(step));
      running.delete(step);
      done.add(step.id);
    }
  }
  return complaints;
}

class World {
  readonly #inventory: Inventory;
  readonly place = new Map<string, string>();
  readonly power = new Map<string, string>();
  readonly #headedTo = new Map<string, string>();
  readonly #running = new Set<Step>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    for (const vm of inventory.vms) this.place.set(vm.id, vm.host);
    for (const host of inventory.hosts) this.power.set(host.id, host.power);
  }

  start(step: Step): string[] {
    this.#running.add(step);
    const { change } = step;
    if (change.kind === 'power') return this.#startSwitch(step, change);
    const complaints: string[] = [];
    const say = (words: string) =>
      complaints.push(`${step.id} (${change.vm}: ${change.from} → ${change.to}): ${words}`);
    if (this.place.get(change.vm) !== change.from) say(`starts where the VM is not: ${this.place.get(change.vm)}`);
    if (this.#headedTo.has(change.vm)) say('starts while the VM is in flight');
    if (this.power.get(change.from) !== 'on') say(`${change.from} is ${this.power.get(change.from)}`);
    if (this.power.get(change.to) !== 'on') say(`${change.to} is ${this.power.get(change.to)}`);
    for (const rule of this.#inventory.rules) {
      const other = this.#inTheWay(rule, change.vm, change.from, change.to);
      if (other !== undefined) say(`meets ${other}, against ${rule.id}`);
    }
    this.#headedTo.set(change.vm, change.to);
    const { used, capacity } = this.#memoryAt(change.to);
    if (used > capacity) say(`${change.to} would hold ${used} of ${capacity} bytes`);
    return complaints;
  }

  end(step: Step): string[] {
    this.#running.delete(step);
    const { change } = step;
    if (change.kind === 'power') {
      this.power.set(change.host, change.to);
      return change.to === 'off' ? this.#guestComplaints(step, change.host) : [];
    }
    this.place.set(change.vm, change.to);
    this.#headedTo.delete(change.vm);
    const isUp = this.power.get(change.from) === 'on' && this.power.get(change.to) === 'on';
    return isUp ? [] : [`${step.id}: one of its hosts went down under it`];
  }

  limitComplaints(limits: Limits): string[] {
    const count = new Map<string, number>();
    const most = new Map<string, number>();
    const add = (key: string, limit: number) => {
      count.set(key, (count.get(key) ?? 0) + 1);
      most.set(key, limit);
    };
    const either = Math.max(limits.migrationsPerSource, limits.migrationsPerTarget);
    const oneIsFree = limits.migrationsPerSource === 0 || limits.migrationsPerTarget === 0;
    for (const { change } of this.#running) {
      if (change.kind === 'power') {
        add('power switches', limits.powerSwitchesPerCluster);
        continue;
      }
      add('migrations', limits.migrationsPerCluster);
      add(`migrations from ${change.from}`, limits.migrationsPerSource);
      add(`migrations to ${change.to}`, limits.migrationsPerTarget);
      for (const host of [change.from, change.to]) add(`migrations at ${host}`, oneIsFree ? 0 : either);
      add(`migrations between ${[change.from, change.to].sort().join(' and ')}`, limits.migrationsPerPair);
    }
    return [...count].flatMap(([key, n]) => {
      const limit = most.get(key) ?? 0;
      return limit > 0 && n > limit ? [`${n} ${key}, where ${limit} are allowed`] : [];
    });
  }

  #startSwitch(step: Step, { host, to }: Extract<Change, { kind: 'power' }>): string[] {
    const before = this.power.get(host);
    this.power.set(host, to === 'on' ? 'booting' : 'shutting-down');
    const complaints = to === 'off' ? this.#guestComplaints(step, host) : [];
    const expected = to === 'on' ? 'off' : 'on';
    return before === expected ? complaints : [...complaints, `${step.id}: ${host} is ${before}, not ${expected}`];
  }

  #guestComplaints(step: Step, host: string): string[] {
    return this.#inventory.vms
      .filter((vm) => this.place.get(vm.id) === host || this.#headedTo.get(vm.id) === host)
      .map((vm) => `${step.id} switches ${host} off under ${vm.id}`);
  }

  #memoryAt(id: string): { used: number; capacity: number } {
    const host = this.#inventory.hosts.find((candidate) => candidate.id === id);
    if (host === undefined) throw new Error(`the plan names ${id}, which is no host`);
    let used = host.reserved.memoryBytes;
    for (const vm of this.#inventory.vms) {
      if (this.place.get(vm.id) === id || this.#headedTo.get(vm.id) === id) used += vm.demand.memoryBytes;
    }
    return { used, capacity: host.capacity.memoryBytes };
  }

  #inTheWay(rule: SeparateRule, vm: string, from: string, to: string): string | undefined {
    const at = this.#location(rule, to);
    if (!rule.vms.includes(vm) || at === this.#location(rule, from)) return undefined;
    return rule.vms.find((other) => {
      if (other === vm) return false;
      const places = [this.place.get(other), this.#headedTo.get(other)];
      return places.some((place) => place !== undefined && this.#location(rule, place) === at);
    });
  }

  #location(rule: SeparateRule, id: string): string {
    const host = this.#inventory.hosts.find((candidate) => candidate.id === id);
    if (host === undefined) throw new Error(`the plan names ${id}, which is no host`);
    return rule.level === 'host' ? host.id : host[rule.level];
  }
}

interface Instant {
  readonly atMs: number;
  readonly step: Step;
  readonly isStart: boolean;
}

/** Ends come before the starts of the same instant. */
function timeline(steps: readonly Step[]): Instant[] {
  const instants = steps.flatMap((step) => [
    { atMs: step.startsAtMs, step, isStart: true },
    { atMs: step.endsAtMs, step, isStart: false },
  ]);
  return instants.sort((a, b) => a.atMs - b.atMs || Number(a.isStart) - Number(b.isStart));
}

function dependencyComplaints({ steps }: Plan): string[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const complaints = byId.size === steps.length ? [] : ['two steps have the same id'];
  for (const step of steps) {
    if (new Set(step.after).size !== step.after.length) complaints.push(`${step.id} waits twice for the same step`);
    for (const id of step.after) {
      const other = byId.get(id);
      if (other === undefined) complaints.push(`${step.id} waits for ${id}, which is no step`);
      else if (other.endsAtMs > step.startsAtMs) complaints.push(`${step.id} starts before ${id} has ended`);
    }
  }
  return complaints;
}

function figureComplaints({ atMs, steps, makespanMs, lowerBoundMs }: Plan): string[] {
  const end = steps.reduce((latest, step) => Math.max(latest, step.endsAtMs), atMs);
  const complaints = [];
  if (makespanMs !== end - atMs)
    complaints.push(`a makespan of ${makespanMs}, but the last step ends at ${end - atMs}`);
  if (lowerBoundMs > makespanMs) complaints.push(`the lower bound ${lowerBoundMs} is above the makespan ${makespanMs}`);
  return complaints;
}

/** Every accepted change is done in the end or named as impossible, not both; and decisions are done whole. */
function completenessComplaints({ plan, inventory, decisions }: PlanUnderTest, world: World): string[] {
  const wanted = new Map<string, { decision: string; target: string }>();
  for (const { id, changes, refusal } of decisions) {
    if (refusal !== undefined) continue;
    for (const change of changes) wanted.set(subject(change), { decision: id, target: change.to });
  }
  const impossible = new Set(plan.impossible.map(({ change }) => subject(change)));
  const complaints = plan.impossible.filter(({ because }) => because === '').map(() => 'impossible without a reason');
  const before = new World(inventory);
  for (const [key, { decision, target }] of wanted) {
    const reached = key.startsWith('vm ') ? world.place.get(key.slice(3)) : world.power.get(key.slice(5));
    const start = key.startsWith('vm ') ? before.place.get(key.slice(3)) : before.power.get(key.slice(5));
    if (impossible.has(key) ? reached !== start : reached !== target) {
      complaints.push(`${key} of ${decision} is at ${reached} in the end, wanted at ${target}`);
    }
  }
  const broken = new Set(plan.impossible.map(({ decision }) => decision));
  for (const step of plan.steps) if (broken.has(step.decision)) complaints.push(`${step.decision} is done in part`);
  return complaints;
}

const subject = (change: Change): string => (change.kind === 'move' ? `vm ${change.vm}` : `host ${change.host}`);
