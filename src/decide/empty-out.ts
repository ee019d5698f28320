import { CPU, MEMORY } from '../domain/resources.ts';
import { bestCandidate, bestTarget } from './best-move.ts';
import type { Situation } from './situation.ts';
import type { Trial } from './trial.ts';

/** VMs that may be put out of their hosts to make room for larger ones, per host that is emptied. */
const MOST_EJECTIONS = 24;

/** How much a VM takes of what is free. */
type Size = (vm: number) => number;

/**
 * Moves every VM off the host, the largest first. Where none of the others has room, a smaller VM is put out for it and
 * waits its turn like the rest. What may be gained by all that shrinks with every move; at zero it gives up. Gives what
 * is left of it, or undefined where there is no room for all. If not all is out, the trial is to be undone.
 */
export function emptyOut(
  situation: Situation,
  trial: Trial,
  host: number,
  receivers: readonly number[],
  mostGain = Number.POSITIVE_INFINITY,
): number | undefined {
  const { draft, judge, targets, costs, book } = situation;
  const size = sizeAmong(
    situation,
    targets.isSmall ? receivers.filter((to) => to !== host && judge.openHost.isOpen(to)) : targets.all,
  );
  const waiting = largestFirst(draft.vmsOn(host), size);
  let ejections = targets.isSmall ? MOST_EJECTIONS : 0;
  let hope = mostGain;
  let before = costs.presentHostCost(host);
  judge.capacity.forPeaks = true;
  while (waiting.length > 0 && hope > 0) {
    const vm = waiting.shift()!;
    const best = targets.isSmall ? bestTarget(situation, vm, receivers) : bestCandidate(situation, vm, 'fullest');
    if (best === undefined) {
      const putOut = ejections-- > 0 ? makeRoom(situation, trial, vm, receivers, size) : undefined;
      if (putOut === undefined) break;
      waiting.push(putOut);
      largestFirst(waiting, size);
    } else {
      trial.move(vm, best.to);
      // What the host itself gets cheaper is part of the hope from the start.
      hope += book.gain(best.savingPerHour - before + costs.presentHostCost(host), best.onceCost);
    }
    before = costs.presentHostCost(host);
  }
  judge.capacity.forPeaks = false;
  return draft.vmCount[host] === 0 || hope <= 0 ? hope : undefined;
}

/** Puts out the smallest VM whose leaving lets this one in, onto the host that is being emptied. */
function makeRoom(
  situation: Situation,
  trial: Trial,
  vm: number,
  receivers: readonly number[],
  size: Size,
): number | undefined {
  const { draft, judge } = situation;
  const host = draft.hostOf[vm]!;
  const smaller = receivers
    .filter((to) => to !== host && judge.openHost.isOpen(to) && judge.fitness.permits(vm, to))
    .flatMap((to) => draft.vmsOn(to).filter((other) => size(other) < size(vm)));
  for (const other of largestFirst(smaller, size).reverse()) {
    if (!judge.mayMove(other)) continue;
    const to = draft.hostOf[other]!;
    const stage = trial.stage();
    trial.move(other, host);
    if (judge.permits(vm, to)) {
      trial.move(vm, to);
      return other;
    }
    trial.backTo(stage);
  }
  return undefined;
}

/** Sorts in place. */
function largestFirst(vms: number[], size: Size): number[] {
  return vms.sort((a, b) => size(b) - size(a) || a - b);
}

/** Over the resources that hosts run out of; in a small fleet the scarcer one counts for more. */
function sizeAmong({ draft, targets }: Situation, receivers: readonly number[]): Size {
  const { vms, hosts } = draft.snapshot;
  const roomFor = (r: number) => {
    const limit = (host: number) => hosts.capacity[r]![host]! * targets.ceilings[r]!;
    return receivers.reduce((sum, host) => sum + Math.max(0, limit(host) - draft.used(r)[host]!), 1);
  };
  const [cpuRoom, memoryRoom] = [CPU, MEMORY].map((r) => (targets.isSmall ? roomFor(r) : targets.largest[r]!));
  return (vm) => vms.cpuPeakMhz[vm]! / cpuRoom! + vms.demand[MEMORY]![vm]! / memoryRoom!;
}
