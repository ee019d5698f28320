/**
 * The second judge of plans. It shares nothing with the planner but the domain's words: it replays a plan instant by
 * instant on plain objects and says in words what is wrong. No complaint: the plan is sound.
 */
import type { Change } from '../../src/domain/change.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Host } from '../../src/domain/host.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { Plan, Step } from '../../src/domain/plan.ts';
import type { Limits } from '../../src/domain/profile.ts';
import type { BackupsRule, MostVmsRule, Rule, SeparateRule } from '../../src/domain/rule.ts';
import type { Vm } from '../../src/domain/vm.ts';
import { isCrowded } from './rule-checker.ts';

export interface PlanUnderTest {
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly limits: Limits;
  readonly decisions: readonly Decision[];
}

/** Everything that is wrong with the plan as it is timed. */
export function complaintsAbout(test: PlanUnderTest): string[] {
  const world = new World(test.inventory, test.limits);
  const complaints = [...dependencyComplaints(test.plan), ...figureComplaints(test.plan)];
  for (const { step, what } of timeline(test.plan.steps)) complaints.push(...world[what](step));
  return [...complaints, ...completenessComplaints(test, world)];
}

/**
 * Runs the steps in some other order that keeps only what `after` asks for, and the places VMs come from: whatever the
 * steps really take, room and rules must hold. Where guests are saved and wait for room, whoever carries plans out lets
 * nobody else take what they wait for. `pick` chooses among what may happen next.
 */
export function complaintsInAnyOrder({ plan, inventory }: PlanUnderTest, pick: (among: number) => number): string[] {
  const world = new World(inventory, undefined);
  const complaints: string[] = [];
  const saved = new Set<string>();
  const done = new Set<string>();
  const next = new Map<Step, What>(plan.steps.map((step) => [step, 'start']));
  const awaited = new Set(plan.steps.flatMap((step) => (step.how === 'quick' ? [targetOf(step)] : [])));
  const isReady = ([step, what]: [Step, What]) => {
    if (what === 'resume') return world.hasRoomFor(step);
    if (what !== 'start') return true;
    const isGuarded = step.how === undefined && awaited.has(targetOf(step));
    const isPrepared = step.after.every((id) => done.has(id)) && (step.afterSaved ?? []).every((id) => saved.has(id));
    return isPrepared && (!isGuarded || world.hasRoomFor(step));
  };
  while (next.size > 0) {
    const options = [...next].filter(isReady);
    const option = options[pick(options.length)];
    if (option === undefined) return [...complaints, 'nothing can go on: the dependencies run in a circle'];
    const [step, what] = option;
    complaints.push(...world[what](step));
    if (what !== 'start') saved.add(step.id);
    if (what === 'end') done.add(step.id);
    const then = what === 'end' ? undefined : courseOf(step)[courseOf(step).indexOf(what) + 1];
    if (then === undefined) next.delete(step);
    else next.set(step, then);
  }
  return complaints;
}

/** What happens to a step: guests that migrate quickly are saved and resumed in between. */
type What = 'start' | 'save' | 'resume' | 'end';

const courseOf = ({ how }: Step): What[] => (how === 'quick' ? ['start', 'save', 'resume', 'end'] : ['start', 'end']);

const targetOf = ({ change }: Step): string => (change.kind === 'move' ? change.to : '');

class World {
  readonly #inventory: Inventory;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #vms: ReadonlyMap<string, Vm>;
  readonly #tokens: Tokens | undefined;
  readonly place = new Map<string, string>();
  readonly power = new Map<string, string>();
  readonly #headedTo = new Map<string, string>();
  readonly #used = new Map<string, number>();
  /** Guests that are to come here quickly: whoever carries plans out lets nobody else take their room. */
  readonly #promised = new Map<string, number>();
  /** A guest that is saved runs nowhere: it is no longer where it was, and its place on its target is taken. */
  readonly #saved = new Set<string>();

  constructor(inventory: Inventory, limits: Limits | undefined) {
    this.#inventory = inventory;
    this.#hosts = new Map(inventory.hosts.map((host) => [host.id, host]));
    this.#vms = new Map(inventory.vms.map((vm) => [vm.id, vm]));
    this.#tokens = limits === undefined ? undefined : new Tokens(limits, this.#hosts, this.#vms);
    for (const host of inventory.hosts) this.#used.set(host.id, host.reserved.memoryBytes);
    for (const vm of inventory.vms) this.#use(vm.host, vm.id, 1);
    for (const vm of inventory.vms) this.place.set(vm.id, vm.host);
    for (const host of inventory.hosts) this.power.set(host.id, host.power);
  }

  start(step: Step): string[] {
    const { change } = step;
    const complaints = this.#tokens?.take(step) ?? [];
    if (change.kind === 'power') return [...complaints, ...this.#startSwitch(step, change)];
    const say = (words: string) =>
      complaints.push(`${step.id} (${change.vm}: ${change.from} → ${change.to}): ${words}`);
    if (this.place.get(change.vm) !== change.from) say(`starts where the VM is not: ${this.place.get(change.vm)}`);
    if (this.#headedTo.has(change.vm)) say('starts while the VM is in flight');
    if (this.power.get(change.from) !== 'on') say(`${change.from} is ${this.power.get(change.from)}`);
    if (this.power.get(change.to) !== 'on') say(`${change.to} is ${this.power.get(change.to)}`);
    for (const rule of this.#inventory.rules) {
      if ('at' in rule && rule.at === 'end') continue;
      const other = this.#inTheWay(rule, change.vm, change.from, change.to);
      if (other !== undefined) say(`meets ${other}, against ${rule.id}`);
    }
    this.#headedTo.set(change.vm, change.to);
    if (step.how === 'quick') {
      if (this.#vms.get(change.vm)?.quickAllowed !== true) say('is quick, which the VM does not allow');
      this.#promised.set(change.to, this.#promisedAt(change.to) + this.#memoryOf(change.vm));
      return complaints;
    }
    return [...complaints, ...this.#arrive(step, change.vm, change.to)];
  }

  save({ change }: Step): string[] {
    if (change.kind === 'power') return [];
    this.#saved.add(change.vm);
    this.#use(change.from, change.vm, -1);
    return [];
  }

  resume(step: Step): string[] {
    const { change } = step;
    if (change.kind === 'power') return [];
    this.#promised.set(change.to, this.#promisedAt(change.to) - this.#memoryOf(change.vm));
    return this.#arrive(step, change.vm, change.to);
  }

  end(step: Step): string[] {
    const { change, how } = step;
    this.#tokens?.giveBack(step);
    if (change.kind === 'power') {
      this.power.set(change.host, change.to);
      return change.to === 'off' ? this.#guestComplaints(step, change.host) : [];
    }
    this.place.set(change.vm, change.to);
    this.#headedTo.delete(change.vm);
    this.#saved.delete(change.vm);
    if (how === undefined) this.#use(change.from, change.vm, -1);
    const isUp = this.power.get(change.from) === 'on' && this.power.get(change.to) === 'on';
    return isUp ? [] : [`${step.id}: one of its hosts went down under it`];
  }

  /** What is saved and waits for this room comes first; what waits itself is not in its own way. */
  hasRoomFor({ change, how }: Step): boolean {
    if (change.kind === 'power') return true;
    const promised = how === 'quick' ? 0 : this.#promisedAt(change.to);
    const most = this.#host(change.to).capacity.memoryBytes;
    return (this.#used.get(change.to) ?? 0) + promised + this.#memoryOf(change.vm) <= most;
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

  #arrive(step: Step, vm: string, to: string): string[] {
    this.#use(to, vm, 1);
    const used = this.#used.get(to) ?? 0;
    const { memoryBytes } = this.#host(to).capacity;
    return used > memoryBytes ? [`${step.id} (${vm}): ${to} would hold ${used} of ${memoryBytes} bytes`] : [];
  }

  #use(host: string, vm: string, sign: 1 | -1): void {
    this.#used.set(host, (this.#used.get(host) ?? 0) + sign * this.#memoryOf(vm));
  }

  #promisedAt(host: string): number {
    return this.#promised.get(host) ?? 0;
  }

  #memoryOf(vm: string): number {
    return this.#vms.get(vm)?.demand.memoryBytes ?? 0;
  }

  #inTheWay(rule: Rule, vm: string, from: string, to: string): string | undefined {
    if (rule.kind === 'most-vms' || rule.kind === 'backups')
      return this.#isOneTooMany(rule, vm, to) ? 'a crowd' : undefined;
    if (rule.kind !== 'anti-affinity') return undefined;
    const at = this.#location(rule, to);
    if (!rule.vms.includes(vm) || at === this.#location(rule, from)) return undefined;
    return rule.vms.find((other) => {
      if (other === vm) return false;
      return this.#placesOf(other).some((place) => this.#location(rule, place) === at);
    });
  }

  #placesOf(vm: string): string[] {
    const places = [this.#saved.has(vm) ? undefined : this.place.get(vm), this.#headedTo.get(vm)];
    return places.filter((place) => place !== undefined);
  }

  #isOneTooMany(rule: MostVmsRule | BackupsRule, vm: string, to: string): boolean {
    const there = [...this.#vms.values()].filter(({ id }) => this.#placesOf(id).includes(to));
    const host = this.#host(to);
    return !isCrowded(rule, host, there) && isCrowded(rule, host, [...there, this.#vms.get(vm)!]);
  }

  #location(rule: SeparateRule, id: string): string {
    const host = this.#host(id);
    return rule.level === 'host' ? host.id : host[rule.level];
  }

  #host(id: string): Host {
    const host = this.#hosts.get(id);
    if (host === undefined) throw new Error(`the plan names ${id}, which is no host`);
    return host;
  }
}

/** How much is in flight of everything that has a limit. */
class Tokens {
  readonly #limits: Limits;
  readonly #hosts: ReadonlyMap<string, Host>;
  readonly #vms: ReadonlyMap<string, Vm>;
  readonly #held = new Map<string, number>();

  constructor(limits: Limits, hosts: ReadonlyMap<string, Host>, vms: ReadonlyMap<string, Vm>) {
    this.#limits = limits;
    this.#hosts = hosts;
    this.#vms = vms;
  }

  take(step: Step): string[] {
    return this.#amounts(step).flatMap(([what, limit, amount]) => {
      const held = (this.#held.get(what) ?? 0) + amount;
      this.#held.set(what, held);
      return limit > 0 && held > limit ? [`${held} ${what}, where ${limit} are allowed`] : [];
    });
  }

  giveBack(step: Step): void {
    for (const [what, , amount] of this.#amounts(step)) this.#held.set(what, (this.#held.get(what) ?? 0) - amount);
  }

  /** What it counts for: of what, how much of that is allowed, and how much it is. */
  #amounts({ change, how }: Step): [string, number, number][] {
    const limits = this.#limits;
    if (change.kind === 'power') return [['power switches', limits.powerSwitchesPerCluster, 1]];
    const { vm: id, from, to } = change;
    const vm = this.#vms.get(id);
    const weight = (vm?.localDiskBytes ?? 0) > 0 ? limits.weightWithStorage : 1;
    const found: [string, number][] = [['migrations', limits.migrationsPerCluster]];
    for (const storage of vm?.storages ?? []) found.push([`migrations on ${storage}`, limits.migrationsPerStorage]);
    if (how === undefined) found.push(...this.#onTheWay(from, to));
    return found.map(([what, limit]) => [what, limit, Math.min(weight, limit)]);
  }

  #onTheWay(from: string, to: string): [string, number][] {
    const { hosts, pairs, migrationsPerPair, migrationsPerRackUplink, migrationsPerSiteUplink } = this.#limits;
    const ends = [from, to].sort();
    const pair = pairs.find((own) => [...own.hosts].sort().join() === ends.join());
    const found: [string, number][] = [
      [`migrations from ${from}`, hosts[from]?.migrationsPerSource ?? this.#limits.migrationsPerSource],
      [`migrations to ${to}`, hosts[to]?.migrationsPerTarget ?? this.#limits.migrationsPerTarget],
      [`migrations at ${from}`, this.#atEither(from)],
      [`migrations at ${to}`, this.#atEither(to)],
      [`migrations between ${ends.join(' and ')}`, pair?.migrations ?? migrationsPerPair],
    ];
    for (const [level, limit] of [
      ['rack', migrationsPerRackUplink],
      ['site', migrationsPerSiteUplink],
    ] as const) {
      const places = [from, to].map((host) => this.#hosts.get(host)?.[level] ?? '');
      if (places[0] === places[1]) continue;
      for (const place of places) if (place !== '') found.push([`migrations through ${level} ${place}`, limit]);
    }
    return found;
  }

  #atEither(host: string): number {
    const {
      migrationsPerSource: out,
      migrationsPerTarget: into,
      migrationsPerLink: both,
    } = {
      ...this.#limits,
      ...this.#limits.hosts[host],
    };
    if (both > 0) return both;
    return out === 0 || into === 0 ? 0 : Math.max(out, into);
  }
}

interface Instant {
  readonly atMs: number;
  readonly step: Step;
  readonly what: What;
}

const INSTANTLY: readonly What[] = ['end', 'save', 'resume', 'start'];

/** What makes room comes before what takes it at the same instant. */
function timeline(steps: readonly Step[]): Instant[] {
  const at = { start: 'startsAtMs', save: 'savedAtMs', resume: 'resumesAtMs', end: 'endsAtMs' } as const;
  const instants = steps.flatMap((step) => courseOf(step).map((what) => ({ atMs: step[at[what]]!, step, what })));
  return instants.sort((a, b) => a.atMs - b.atMs || INSTANTLY.indexOf(a.what) - INSTANTLY.indexOf(b.what));
}

function dependencyComplaints({ steps }: Plan): string[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const complaints = byId.size === steps.length ? [] : ['two steps have the same id'];
  for (const step of steps) {
    if (new Set(step.after).size !== step.after.length) complaints.push(`${step.id} waits twice for the same step`);
    for (const id of [...step.after, ...(step.afterSaved ?? [])]) {
      const other = byId.get(id);
      const freedAtMs = step.after.includes(id) ? other?.endsAtMs : other?.savedAtMs;
      if (other === undefined) complaints.push(`${step.id} waits for ${id}, which is no step`);
      else if (freedAtMs === undefined) complaints.push(`${step.id} waits for ${id} to be saved, which is not quick`);
      else if (freedAtMs > step.startsAtMs) complaints.push(`${step.id} starts before ${id} has ended`);
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
  const before = new World(inventory, undefined);
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
