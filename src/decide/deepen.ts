import { OFF } from '../domain/power.ts';
import { acceptMove, bestTarget } from './best-move.ts';
import { compile } from './deep/compile.ts';
import { deepSearch } from './deep/search.ts';
import { easiestFirst, mayBeSwitchedOff } from './evacuate.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

export interface DeepBudget {
  readonly seed: number;
  /** The share of the budget that is spent by now; 1 or more ends the search. */
  readonly spent: () => number;
}

/** What is decided already is good: no warmer than this, or it would all be lost first. */
const WARMEST = 0.3;

interface Moving {
  readonly vm: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Searches for a better place for everyone at once, and decides what leads there: moves that pay alone one by one, and of
 * the others those that share a host together or not at all. Each is judged and priced like any other proposal.
 */
export function deepen(situation: Situation, { seed, spent }: DeepBudget): void {
  const { draft, judge, input } = situation;
  const sleepers = hostsToSpare(situation);
  const { model, opaque } = compile({
    draft,
    policies: input.policies,
    profile: input.profile,
    prices: input.prices,
    isMovable: (vm) => judge.staysBecause(vm, false) === undefined,
    mayRun: (vm, host) => judge.mayRun(vm, host),
    maySleep: (host) => sleepers.has(host),
  });
  const start = Int32Array.from(draft.hostOf);
  const { hostOf } = deepSearch({ model, opaque, start, seed, spent, settings: { warmest: WARMEST } });
  const moving = Array.from(hostOf, (to, vm) => ({ vm, from: start[vm]!, to })).filter(({ from, to }) => from !== to);
  for (const { vm, to } of moving) tryAlone(situation, vm, to);
  for (const group of groupsOf(stillToMove(situation, moving))) tryGroup(situation, group);
}

/** Hosts that could sleep if they were empty: as many as the reserve lets go, the most hopeful first. */
function hostsToSpare(situation: Situation): ReadonlySet<number> {
  if (!situation.input.power) return new Set();
  const trial = situation.trial();
  for (const host of easiestFirst(situation)) if (mayBeSwitchedOff(situation, host)) trial.switch(host, 'off', OFF);
  const spared = new Set(trial.switches.map(({ host }) => host));
  trial.undo();
  return spared;
}

/** What pays by itself is decided by itself, and says why. */
function tryAlone(situation: Situation, vm: number, to: number): void {
  const { book, draft } = situation;
  const target = bestTarget(situation, vm, [to]);
  if (target === undefined || !book.pays(target.savingPerHour, target.onceCost) || !book.hasRoomFor(1)) return;
  acceptMove(situation, { vm, from: draft.hostOf[vm]!, ...target }, 'improve');
}

/** Moves that have a host in common, directly or through others. */
function groupsOf(moving: readonly Moving[]): Moving[][] {
  const parent = new Map<number, number>();
  const rootOf = (host: number): number => {
    const above = parent.get(host) ?? host;
    if (above === host) return host;
    const root = rootOf(above);
    parent.set(host, root);
    return root;
  };
  for (const { from, to } of moving) parent.set(rootOf(from), rootOf(to));
  const groups = new Map<number, Moving[]>();
  for (const move of moving) {
    const root = rootOf(move.from);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [move]);
    else group.push(move);
  }
  return [...groups.values()];
}

const stillToMove = ({ draft }: Situation, group: readonly Moving[]): Moving[] =>
  group.filter(({ vm, from }) => draft.hostOf[vm] === from);

function tryGroup(situation: Situation, group: readonly Moving[]): void {
  const { judge, book } = situation;
  const before = judge.groupBreaches(group.map(({ vm }) => vm));
  const trial = situation.trial();
  for (const { vm, to } of group) trial.move(vm, to);
  const refusal = judge.groupRefusal(group, before);
  if (refusal === undefined) switchOffWhatIsEmpty(situation, trial);
  const pays = refusal === undefined && book.pays(trial.saving(), trial.onceCost);
  if (pays && book.hasRoomFor(trial.moves.length + trial.switches.length)) {
    const because = `${group.length} moves among ${trial.hosts.size} hosts pay together`;
    situation.accept(trial, { phase: 'improve', because });
  } else trial.undo();
}

function switchOffWhatIsEmpty(situation: Situation, trial: Trial): void {
  if (!situation.input.power) return;
  for (const host of [...trial.hosts]) {
    if (situation.draft.vmCount[host] === 0 && mayBeSwitchedOff(situation, host)) trial.switch(host, 'off', OFF);
  }
}
