/** The exact optimum of small cases as a mixed-integer program. */
import highsLoader from 'highs';
import type { DecideInput } from '../../src/decide/decide.ts';
import { OnceCosts } from '../../src/decide/once.ts';
import { ON } from '../../src/domain/power.ts';
import { CPU, MEMORY, RESOURCES } from '../../src/domain/resources.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { HOUR, MINUTE } from '../../src/domain/units.ts';
import { CONTENTION_LINES, contentionPerCore } from './small-cases.ts';

/** Where every VM is and which hosts are on. */
export interface Places {
  readonly hostOf: readonly number[];
  readonly on: readonly boolean[];
}

// The package's types describe its CommonJS half; what is imported is the other one.
const load = highsLoader as unknown as typeof highsLoader.default;
const highs = await load();
const PACKED = [CPU, MEMORY];
/** The solver stops at this relative distance from its bound. */
const PROVEN = 1e-5;

/** The cost that the engine lowers, written down a second time: from the case, not from the engine's terms. */
export class Exact {
  readonly #input: DecideInput;
  readonly #snapshot: Snapshot;
  readonly #hours: number;
  readonly #once: OnceCosts;
  readonly #contends: boolean;

  constructor(input: DecideInput) {
    this.#input = input;
    this.#snapshot = input.snapshot;
    this.#hours = (input.profile.horizonMinutes * MINUTE) / HOUR;
    this.#once = new OnceCosts(input.snapshot, input.prices);
    this.#contends = input.policies.length > 1;
  }

  get before(): Places {
    const { hosts, vms } = this.#snapshot;
    return { hostOf: Array.from(vms.host), on: Array.from(hosts.power, (power) => power === ON) };
  }

  /** Money per hour. */
  running({ hostOf, on }: Places): number {
    return on.reduce((sum, isOn, host) => {
      if (!isOn) return sum + this.#perWatt * this.#model(host).offWatts;
      const share = hostOf.reduce((load, at, vm) => load + (at === host ? this.#share(vm, host) : 0), 0);
      const contention = this.#contends ? this.#snapshot.hosts.cores[host]! * contentionPerCore(share) : 0;
      return sum + this.#idle(host) + this.#slope(host) * share + contention;
    }, 0);
  }

  /** Money once. */
  once(after: Places): number {
    const { hostOf, on } = this.before;
    const moves = hostOf.reduce((sum, from, vm) => sum + this.#moving(vm, from, after.hostOf[vm]!), 0);
    return on.reduce((sum, wasOn, h) => (wasOn && !after.on[h] ? sum + this.#once.ofSwitchingOff(h) : sum), moves);
  }

  objective(after: Places): number {
    return this.running(after) * this.#hours + this.once(after) * this.#input.profile.margin;
  }

  /** The places that make the objective least; undefined where that is not proven in time. */
  optimum(seconds: number): Places | undefined {
    const margin = this.#input.profile.margin;
    const goal = [
      ...this.#runningTerms(this.#hours),
      ...this.#eachPlace((vm, host, from) => [margin * this.#moving(vm, from, host), x(vm, host)]),
      ...this.before.on.flatMap((wasOn, h) => (wasOn ? [[-margin * this.#once.ofSwitchingOff(h), o(h)] as const] : [])),
    ];
    return this.#solve(goal, [], seconds);
  }

  /** The fewest moves that make the fleet run as cheaply as that. */
  fewestMoves(runningPerHour: number, seconds: number): Places | undefined {
    const goal = this.#eachPlace((vm, host, from) => [host === from ? 0 : 1, x(vm, host)]);
    const cheapEnough = `${sum(this.#runningTerms(1))} <= ${runningPerHour * (1 + PROVEN) - this.#offPerHour()}`;
    return this.#solve(goal, [cheapEnough], seconds);
  }

  #runningTerms(hours: number): Factor[] {
    const terms = this.#snapshot.hosts.ids.flatMap((_, h): Factor[] => [
      [hours * (this.#idle(h) - this.#perWatt * this.#model(h).offWatts), o(h)],
      ...(this.#contends ? [[hours, z(h)] as const] : []),
    ]);
    return [...terms, ...this.#eachPlace((vm, h) => [hours * this.#slope(h) * this.#share(vm, h), x(vm, h)])];
  }

  #offPerHour(): number {
    return this.#snapshot.hosts.ids.reduce((total, _, h) => total + this.#perWatt * this.#model(h).offWatts, 0);
  }

  #solve(goal: readonly Factor[], extra: readonly string[], seconds: number): Places | undefined {
    const { hosts, vms } = this.#snapshot;
    const rows = [...this.#rows(), ...extra].map((row, n) => ` r${n}: ${row}`);
    const whole = vms.ids.flatMap((_, vm) => hosts.ids.map((__, h) => x(vm, h)));
    const program = `Minimize\n obj: ${sum(goal)}\nSubject To\n${rows.join('\n')}\nBinary\n ${[
      ...whole,
      ...hosts.ids.map((_, h) => o(h)),
    ].join('\n ')}\nEnd\n`;
    // Presolve has lost an optimum: what calls itself proven must be.
    const { Status, Columns } = highs.solve(program, { time_limit: seconds, mip_rel_gap: PROVEN, presolve: 'off' });
    if (Status !== 'Optimal') return undefined;
    const isSet = (name: string) => (Columns[name] as { Primal: number }).Primal > 0.5;
    return {
      hostOf: vms.ids.map((_, vm) => hosts.ids.findIndex((__, h) => isSet(x(vm, h)))),
      on: hosts.ids.map((_, h) => isSet(o(h))),
    };
  }

  #rows(): string[] {
    const { hosts, vms, rules } = this.#snapshot;
    const all = vms.ids.map((_, vm) => vm);
    const onePlace = all.map((vm) => `${sum(hosts.ids.map((_, h) => [1, x(vm, h)]))} = 1`);
    const onlyIfOn = all.flatMap((vm) => hosts.ids.map((_, h) => `${x(vm, h)} - ${o(h)} <= 0`));
    const room = hosts.ids.flatMap((_, h) => PACKED.map((r) => this.#room(r, h, all)));
    const apart = rules.flatMap((rule) => {
      if (rule.kind !== 'anti-affinity') return [];
      const members = rule.vms.map((id) => vms.index.get(id)!);
      return hosts.ids.map((_, h) => `${sum(members.map((vm) => [1, x(vm, h)]))} <= 1`);
    });
    return [...onePlace, ...onlyIfOn, ...room, ...apart, ...this.#reserve(), ...this.#contention(all)];
  }

  #room(r: number, h: number, all: readonly number[]): string {
    const { hosts, vms } = this.#snapshot;
    const ceiling = this.#input.profile.ceilings[RESOURCES[r]!.name];
    const unit = hosts.capacity[r]![h]!;
    const load = all.map((vm): Factor => [vms.demand[r]![vm]! / unit, x(vm, h)]);
    return `${sum([...load, [-ceiling, o(h)]])} <= 0`;
  }

  /** As the engine keeps it: it may not be broken by switching off, and is made whole where it is broken. */
  #reserve(): string[] {
    const { hosts, vms } = this.#snapshot;
    const { spareHosts, spareShare, ceilings } = this.#input.profile;
    return PACKED.map((r) => {
      const capacity = hosts.capacity[r]!;
      const needed = total(vms.demand[r]!) / ceilings[RESOURCES[r]!.name];
      const largest = Math.max(...Array.from(capacity));
      const wanted = Math.max(needed + spareHosts * largest, needed * (1 + spareShare));
      const possible = Math.min(wanted, total(capacity));
      return `${sum(hosts.ids.map((_, h) => [capacity[h]! / largest, o(h)]))} >= ${(possible / largest) * (1 - 1e-9)}`;
    });
  }

  #contention(all: readonly number[]): string[] {
    if (!this.#contends) return [];
    const { hosts } = this.#snapshot;
    return hosts.ids.flatMap((_, h) =>
      CONTENTION_LINES.map(({ from, perCoreHour }) => {
        const perShare = hosts.cores[h]! * perCoreHour;
        const load = all.map((vm): Factor => [-perShare * this.#share(vm, h), x(vm, h)]);
        return `${sum([[1, z(h)], ...load, [perShare * from, o(h)]])} >= 0`;
      }),
    );
  }

  #eachPlace(factor: (vm: number, host: number, from: number) => Factor): Factor[] {
    const { hosts, vms } = this.#snapshot;
    return vms.ids.flatMap((_, vm) => hosts.ids.map((__, h) => factor(vm, h, vms.host[vm]!)));
  }

  #moving(vm: number, from: number, to: number): number {
    return from === to ? 0 : this.#once.ofMove(vm, from, to);
  }

  #share(vm: number, host: number): number {
    return this.#snapshot.vms.demand[CPU]![vm]! / this.#snapshot.hosts.capacity[CPU]![host]!;
  }

  #idle(host: number): number {
    return this.#perWatt * this.#model(host).watts[0]!;
  }

  #slope(host: number): number {
    const [idle = 0, full = 0] = this.#model(host).watts;
    return this.#perWatt * (full - idle);
  }

  #model(host: number) {
    const { hosts, pools } = this.#snapshot;
    return pools.powerModels[hosts.powerModel[host]!]!;
  }

  get #perWatt(): number {
    const { pue, perKwh } = this.#input.prices;
    return (pue * perKwh) / 1000;
  }
}

type Factor = readonly [number, string];

const x = (vm: number, host: number) => `x${vm}_${host}`;
const o = (host: number) => `o${host}`;
const z = (host: number) => `z${host}`;

const total = (column: { readonly [index: number]: number; readonly length: number }): number =>
  Array.from(column).reduce((sum, value) => sum + value, 0);

/** Each variable once, which the format wants, and several per line: it allows no more than some hundred characters. */
function sum(factors: readonly Factor[]): string {
  const byName = new Map<string, number>();
  for (const [factor, name] of factors) byName.set(name, (byName.get(name) ?? 0) + factor);
  const texts = [...byName].filter(([, factor]) => factor !== 0).map(([name, factor]) => `${signed(factor)} ${name}`);
  return texts.length === 0 ? '0 o0' : texts.map((text, i) => (i % 8 === 7 ? `${text}\n ` : text)).join(' ');
}

const signed = (factor: number): string => (factor < 0 ? `- ${-factor}` : `+ ${factor}`);
