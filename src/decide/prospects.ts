import { OFF, ON } from '../domain/power.ts';
import { payingDeparturesFrom } from './departures.ts';
import type { Situation } from './situation.ts';

/** Hosts to switch on and hosts to switch off, with all moves that follow. */
export interface Exchange {
  readonly on: readonly number[];
  readonly off: readonly number[];
}

/**
 * What exchanges of hosts could gain at most or nearly so, told without trying them: as if every VM that has to leave had
 * its new host to itself, and as if there were room for it. Good as long as nothing is accepted.
 */
export class Prospects {
  readonly #situation: Situation;
  /** Per host that is on or might be, what each VM would lose by going there, in what `gain` counts; on demand. */
  readonly #losses = new Map<number, Float64Array>();
  /** Per host that might be switched on, what others would gain by leaving for it. */
  readonly #pulls = new Map<number, readonly { readonly from: number; readonly gain: number }[]>();
  /** Per host, what its being switched off or on gains by itself. */
  readonly #switching = new Map<number, number>();
  readonly #hosts: readonly number[];
  /** By VM, on demand. */
  readonly #cheapest: (readonly number[] | undefined)[] = [];

  constructor(situation: Situation) {
    this.#situation = situation;
    this.#hosts = situation.targets.all.filter((host) => situation.judge.openHost.isOpen(host));
  }

  of(exchange: Exchange): number {
    const { on, off } = exchange;
    const { draft } = this.#situation;
    let gain = this.withoutMoving(exchange);
    for (const host of off) {
      for (let vm = draft.firstOn(host); vm >= 0; vm = draft.nextOn(vm)) {
        const [first, second] = this.#cheapestFor(vm);
        const to = first !== undefined && off.includes(first) ? second : first;
        let least = to === undefined ? Number.POSITIVE_INFINITY : this.#lossesOn(to)[vm]!;
        for (const fresh of on) least = Math.min(least, this.#lossesOn(fresh)[vm]!);
        gain -= least;
      }
    }
    return gain;
  }

  /** The two open hosts, apart from its own, where the VM would lose least: no more than one of them is switched off with its own. */
  #cheapestFor(vm: number): readonly number[] {
    const known = this.#cheapest[vm];
    if (known !== undefined) return known;
    const own = this.#situation.draft.hostOf[vm]!;
    const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const hosts: number[] = [];
    for (const host of this.#hosts) {
      const loss = host === own ? Number.POSITIVE_INFINITY : this.#lossesOn(host)[vm]!;
      if (loss >= least[1]!) continue;
      const at = loss < least[0]! ? 0 : 1;
      least.splice(at, 0, loss);
      hosts.splice(at, 0, host);
    }
    this.#cheapest[vm] = hosts;
    return hosts;
  }

  /** The same if all who have to leave found a new host for nothing. */
  withoutMoving({ on, off }: Exchange): number {
    let pull = 0;
    for (const host of on) {
      const others = this.#pullOf(host).filter(({ from }) => !off.includes(from));
      pull = Math.max(
        pull,
        others.reduce((sum, each) => sum + each.gain, 0),
      );
    }
    return [...on, ...off].reduce((sum, host) => sum + this.#switched(host), pull);
  }

  /** Of the switch alone, with nothing to do for a host that comes on and no work left on one that goes off. */
  #switched(host: number): number {
    let gain = this.#switching.get(host);
    if (gain === undefined) {
      gain = this.#switchingOf(host);
      this.#switching.set(host, gain);
    }
    return gain;
  }

  #switchingOf(host: number): number {
    const { draft, costs, once, book } = this.#situation;
    if (draft.power[host] !== OFF) return book.gain(costs.hostCost(host), once.ofSwitchingOff(host));
    return this.#asIfOn(host, () => {
      return book.gain(costs.hostCost(host) - costs.terms.hostCost(host), once.ofSwitchingOn(host));
    });
  }

  #lossesOn(host: number): Float64Array {
    let losses = this.#losses.get(host);
    if (losses === undefined) {
      losses = this.#asIfOn(host, () => this.#weighed(host));
      this.#losses.set(host, losses);
    }
    return losses;
  }

  #weighed(host: number): Float64Array {
    const { draft, costs, once, book, judge } = this.#situation;
    const { terms } = costs;
    const before = terms.hostCost(host);
    return Float64Array.from(draft.snapshot.vms.ids, (_, vm) => {
      const from = draft.hostOf[vm]!;
      if (from === host) return 0;
      if (!judge.fitness.permits(vm, host)) return Number.POSITIVE_INFINITY;
      const place = terms.vmCost(vm);
      draft.lift(vm);
      draft.hover(vm, host);
      const rise = terms.hostCost(host) - before + terms.vmCost(vm) - place;
      draft.hoverHome(vm, from);
      draft.lower(vm);
      return book.gain(rise, -once.ofMove(vm, from, host));
    });
  }

  #pullOf(host: number): readonly { readonly from: number; readonly gain: number }[] {
    const known = this.#pulls.get(host);
    if (known !== undefined) return known;
    const { book, costs } = this.#situation;
    const losses = this.#lossesOn(host);
    const pull = this.#hosts.flatMap((from) =>
      payingDeparturesFrom(this.#situation, from).flatMap(({ vm, savingPerHour }) => {
        const gain = book.gain(savingPerHour - costs.terms.vmCost(vm), 0) - losses[vm]!;
        return gain > 0 ? [{ from, gain }] : [];
      }),
    );
    this.#pulls.set(host, pull);
    return pull;
  }

  #asIfOn<T>(host: number, ask: () => T): T {
    const { draft } = this.#situation;
    const mark = draft.mark();
    if (draft.power[host] === OFF) draft.setPower(host, ON);
    const answer = ask();
    draft.undo(mark);
    return answer;
  }
}
