import { definePolicy, move, type Policy, type Proposal, type Verdict } from '#sdk';
import { Draft } from '../../../src/domain/draft.ts';
import { toSnapshot } from '../../../src/domain/inventory.ts';
import { Fleet } from '../../../src/sdk/fleet.ts';
import { type Detector, localRegression, medianDeviation, quartileRange, type Rule, threshold } from './detectors.ts';
import { hostName, inventoryOf, numberIn, vmName } from './inventory.ts';
import { HOST_COUNT } from './model.ts';
import { Placement } from './placement.ts';
import type { Migration, Orders, World } from './world.ts';

const DETECTORS: Readonly<Record<string, (rule: Rule) => Detector>> = {
  thr: () => threshold(0.8),
  iqr: () => quartileRange(1.5),
  mad: () => medianDeviation(2.5),
  lr: (rule) => localRegression(1.2, rule),
};

function detectorOf(name: string, rule: Rule): Detector {
  return DETECTORS[name]!(rule);
}

/**
 * A published policy: overloaded hosts give away the VMs with least memory, least used hosts give away all. It states no
 * cost, which is why it can be heard but not judged by one: whoever hears it has to take all that it proposes. What it
 * looks at (shares as of the last update, thirty ticks of history per VM) is not in a snapshot, so it gets that on the
 * side; the fleet serves it for places only.
 */
export function baseline(name: string, rule: Rule, world: World): Policy {
  const detect = detectorOf(name, rule);
  return definePolicy({
    id: `${name}-mmt`,
    about: 'A published consolidation policy, for comparison.',
    phase: 'improve',
    options: {},
    terms: {},
    cost: {},
    *propose({ fleet }) {
      const placement = new Placement(world, detect, rule);
      yield* relieveOverloaded(placement, fleet, world);
      yield* emptyLeastUsed(placement, fleet, world);
    },
  });
}

/** Takes all that the policy proposes, at each tick. */
export function baselineDecider(name: string, rule: Rule, world: World): () => Orders {
  const { propose } = baseline(name, rule, world);
  return () => {
    const snapshot = toSnapshot(inventoryOf(world));
    const proposals = propose!(new Fleet(new Draft(snapshot)), {});
    const migrations: Migration[] = [];
    for (let next = proposals.next(); !next.done; next = proposals.next({ accepted: true })) {
      for (const wish of next.value.wishes) {
        if (wish.kind !== 'move') continue;
        migrations.push({ vm: numberIn(snapshot.vms.ids[wish.vm]!), to: numberIn(snapshot.hosts.ids[wish.to]!) });
      }
    }
    return { migrations, on: [], off: [] };
  };
}

type Proposals = Generator<Proposal, void, Verdict>;

function proposal(fleet: Fleet, vm: number, to: number, because: string): Proposal {
  return { wishes: [move(fleet.vmNamed(vmName(vm))!, fleet.hostNamed(hostName(to))!)], because };
}

function* relieveOverloaded(placement: Placement, fleet: Fleet, world: World): Proposals {
  const selected: number[] = [];
  for (let host = 0; host < HOST_COUNT; host++) {
    if (!placement.isOverloaded(host)) continue;
    placement.exclude(host);
    do {
      const vm = placement.smallestOn(host);
      if (vm === undefined) break;
      selected.push(vm);
      placement.take(vm, host);
    } while (placement.isOverloaded(host));
  }
  for (const vm of largestFirst(selected, world)) {
    const to = placement.targetFor(vm);
    if (to === undefined) continue;
    placement.add(vm, to);
    yield proposal(fleet, vm, to, 'its host was overloaded');
  }
}

function* emptyLeastUsed(placement: Placement, fleet: Fleet, world: World): Proposals {
  const done = new Set(placement.excluded);
  for (let host = 0; host < HOST_COUNT; host++) {
    if (!placement.isAsleep(host)) continue;
    placement.exclude(host);
    done.add(host);
  }
  for (let host = placement.leastUsed(done); host !== undefined; host = placement.leastUsed(done)) {
    done.add(host);
    placement.exclude(host);
    for (const { vm, to } of emptied(placement, largestFirst(placement.listOf(host), world))) {
      done.add(to);
      yield proposal(fleet, vm, to, 'its host was used least');
    }
  }
}

/** A place for each of them, or for none. */
function emptied(placement: Placement, vms: readonly number[]): { vm: number; to: number }[] {
  const moves: { vm: number; to: number }[] = [];
  for (const vm of vms) {
    const to = placement.targetFor(vm);
    if (to === undefined) {
      for (const each of moves) placement.take(each.vm, each.to);
      return [];
    }
    placement.add(vm, to);
    moves.push({ vm, to });
  }
  return moves;
}

function largestFirst(vms: readonly number[], world: World): number[] {
  return vms.toSorted((a, b) => world.wanted[b]! - world.wanted[a]!);
}
