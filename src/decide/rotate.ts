import type { Violation } from '../domain/rule.ts';
import type { Situation } from './situation.ts';

/** VMs that are looked at, how many may go round at once, and how often one more is tried. */
const MOST_STUCK = 64;
const MOST_IN_RING = 8;
const MOST_STEPS = 2_000;

interface Stuck {
  readonly vm: number;
  readonly rule: string;
  readonly because: string;
}

/**
 * VMs that a rule wants elsewhere and that are in each other's way go round together: each takes the place of the next.
 * In which order, and by way of which host, is up to whoever plans it.
 */
export function rotate(situation: Situation, violations: readonly Violation[]): void {
  const rings = new Rings(situation, stuckOf(situation, violations));
  for (let ring = rings.next(); ring !== undefined; ring = rings.next()) {
    const { because } = ring[0]!;
    situation.accept(rings.trialOf(ring), { phase: 'repair', policy: 'core', because });
  }
}

function stuckOf({ draft, judge }: Situation, violations: readonly Violation[]): Stuck[] {
  const { index } = draft.snapshot.vms;
  const found = new Map<number, Stuck>();
  for (const { rule, because, vms } of violations) {
    // What is wrong with a group as a whole is not mended by changing places.
    if (rule === 'affinity' || rule === 'failover') continue;
    for (const id of vms) {
      const vm = index.get(id);
      if (vm === undefined || found.size >= MOST_STUCK || judge.staysBecause(vm, true) !== undefined) continue;
      if (!found.has(vm)) found.set(vm, { vm, rule, because });
    }
  }
  return [...found.values()];
}

/** Looks for rings among VMs that cannot go anywhere alone. */
class Rings {
  readonly #situation: Situation;
  readonly #stuck: readonly Stuck[];
  readonly #settled = new Set<number>();
  #stepsLeft = MOST_STEPS;

  constructor(situation: Situation, stuck: readonly Stuck[]) {
    this.#situation = situation;
    this.#stuck = stuck;
  }

  /** The next that breaks no rule; none twice about the same VM. */
  next(): readonly Stuck[] | undefined {
    for (const start of this.#stuck) {
      const ring = this.#settled.has(start.vm) ? undefined : this.#extended([start]);
      if (ring === undefined) continue;
      for (const { vm } of ring) this.#settled.add(vm);
      return ring;
    }
    return undefined;
  }

  trialOf(ring: readonly Stuck[]): ReturnType<Situation['trial']> {
    const { hostOf } = this.#situation.draft;
    const targets = ring.map((_, at) => hostOf[ring[(at + 1) % ring.length]!.vm]!);
    const trial = this.#situation.trial();
    ring.forEach(({ vm }, at) => {
      trial.move(vm, targets[at]!);
    });
    return trial;
  }

  #extended(path: readonly Stuck[]): readonly Stuck[] | undefined {
    const [first, last] = [path[0]!, path.at(-1)!];
    if (path.length > 1 && this.#mayFollow(last, first) && this.#isAllowed(path)) return path;
    this.#stepsLeft -= 1;
    if (path.length >= MOST_IN_RING || this.#stepsLeft <= 0) return undefined;
    for (const next of this.#stuck) {
      if (path.includes(next) || this.#settled.has(next.vm) || !this.#mayFollow(last, next)) continue;
      const ring = this.#extended([...path, next]);
      if (ring !== undefined) return ring;
    }
    return undefined;
  }

  /** Whether the one may have the other's place, room and company apart, and would be better off there. */
  #mayFollow(one: Stuck, other: Stuck): boolean {
    const { draft, judge } = this.#situation;
    const to = draft.hostOf[other.vm]!;
    return to !== draft.hostOf[one.vm] && judge.mayRun(one.vm, to) && judge.helps(one.rule, one.vm, to);
  }

  #isAllowed(ring: readonly Stuck[]): boolean {
    const { book, draft, judge } = this.#situation;
    if (!book.hasRoomFor(ring.length)) return false;
    const broken = judge.violations().length;
    const moved = ring.map(({ vm }) => ({ vm, from: draft.hostOf[vm]! }));
    const before = judge.groupBreaches(ring.map(({ vm }) => vm));
    const trial = this.trialOf(ring);
    const isBetter = judge.groupRefusal(moved, before) === undefined && judge.violations().length < broken;
    trial.undo();
    return isBetter;
  }
}
