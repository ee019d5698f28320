/** The exact optimum of small cases as a mixed-integer program. */
import highsLoader from 'highs';
import { CPU, MEMORY, RESOURCES } from '../../src/domain/resources.ts';
import { Objective, type Places } from './objective.ts';
import { CONTENTION_LINES } from './small-cases.ts';

// The package's types describe its CommonJS half; what is imported is the other one.
const load = highsLoader as unknown as typeof highsLoader.default;
const highs = await load();
const PACKED = [CPU, MEMORY];
/** The solver stops at this relative distance from its bound. */
const PROVEN = 1e-5;

/** Places that make the objective least, or that need the fewest moves for it, as mixed-integer programs. */
export class Exact extends Objective {
  /** The places that make the objective least; undefined where that is not proven in time. */
  optimum(seconds: number): Places | undefined {
    return this.#solve(this.#objectiveTerms(), [], seconds);
  }

  /** The places that need the fewest moves of all whose objective is no higher than that. */
  fewestMoves(objective: number, seconds: number): Places | undefined {
    const goal = this.#eachPlace((vm, host, from) => [host === from ? 0 : 1, x(vm, host)]);
    const rest = objective * (1 + PROVEN) - this.#objectiveOfNone();
    return this.#solve(goal, [`${sum(this.#objectiveTerms())} <= ${rest}`], seconds);
  }

  #objectiveTerms(): Factor[] {
    const { margin } = this.input.profile;
    return [
      ...this.#runningTerms(this.hours),
      ...this.#eachPlace((vm, host, from) => [margin * this.moving(vm, from, host), x(vm, host)]),
      ...this.before.on.flatMap((wasOn, h) =>
        wasOn ? [[-margin * this.onceCosts.ofSwitchingOff(h), o(h)] as const] : [],
      ),
    ];
  }

  /** What the terms leave out: as if all hosts were off. */
  #objectiveOfNone(): number {
    const { margin } = this.input.profile;
    const cycles = this.before.on.map((wasOn, h) => (wasOn ? margin * this.onceCosts.ofSwitchingOff(h) : 0));
    return this.hours * this.#offPerHour() + total(cycles);
  }

  #runningTerms(hours: number): Factor[] {
    const terms = this.snapshot.hosts.ids.flatMap((_, h): Factor[] => [
      [hours * (this.idle(h) - this.perWatt * this.model(h).offWatts), o(h)],
      ...(this.contends ? [[hours, z(h)] as const] : []),
    ]);
    return [...terms, ...this.#eachPlace((vm, h) => [hours * this.slope(h) * this.share(vm, h), x(vm, h)])];
  }

  #offPerHour(): number {
    return this.snapshot.hosts.ids.reduce((total, _, h) => total + this.perWatt * this.model(h).offWatts, 0);
  }

  #solve(goal: readonly Factor[], extra: readonly string[], seconds: number): Places | undefined {
    const { hosts, vms } = this.snapshot;
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
    const { hosts, vms, rules } = this.snapshot;
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

  /** No host is filled above its ceiling; one that is above it already stays as it is or gets better. */
  #room(r: number, h: number, all: readonly number[]): string {
    const { hosts, vms } = this.snapshot;
    const unit = hosts.capacity[r]![h]!;
    const load = all.map((vm): Factor => [vms.demand[r]![vm]! / unit, x(vm, h)]);
    const now = total(all.map((vm) => (vms.host[vm] === h ? vms.demand[r]![vm]! / unit : 0)));
    const ceiling = Math.max(this.input.profile.ceilings[RESOURCES[r]!.name], now);
    return `${sum([...load, [-ceiling, o(h)]])} <= 0`;
  }

  /** As the engine keeps it: it may not be broken by switching off, and is made whole where it is broken. */
  #reserve(): string[] {
    const { hosts, vms } = this.snapshot;
    const { spareHosts, spareShare, ceilings } = this.input.profile;
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
    if (!this.contends) return [];
    const { hosts } = this.snapshot;
    return hosts.ids.flatMap((_, h) =>
      CONTENTION_LINES.map(({ from, perCoreHour }) => {
        const perShare = hosts.cores[h]! * perCoreHour;
        const load = all.map((vm): Factor => [-perShare * this.share(vm, h), x(vm, h)]);
        return `${sum([[1, z(h)], ...load, [perShare * from, o(h)]])} >= 0`;
      }),
    );
  }

  #eachPlace(factor: (vm: number, host: number, from: number) => Factor): Factor[] {
    const { hosts, vms } = this.snapshot;
    return vms.ids.flatMap((_, vm) => hosts.ids.map((__, h) => factor(vm, h, vms.host[vm]!)));
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
