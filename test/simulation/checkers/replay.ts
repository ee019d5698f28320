import { isDeepStrictEqual } from 'node:util';
import type { Step } from '../../../src/domain/plan.ts';
import type { StepOutcome } from '../../../src/ports/journal.ts';
import type { Land } from '../land.ts';
import type { Checker, Scene } from './checker.ts';

/** What a host is while it comes to be so. */
const COMING = { on: 'booting', off: 'shutting-down' } as const;
const MOST_STEPS = 100_000;

interface Written {
  readonly step: Step;
  readonly plan: string;
  outcome: StepOutcome | null;
}

/** What the journal gives back is what was written, what it says was done is so, and the executor works on what it says. */
export function replay(): Checker {
  const written: Written[] = [];
  /** Whatever was done to their VMs since. */
  const cameAbout = new Set<string>();
  return {
    property: 'the journal tells what is so',
    judge(happening, scene) {
      if (happening.kind === 'migration ended' && happening.end.state === 'done') cameAbout.add(happening.id);
      if (happening.kind === 'begun') written.push({ step: happening.step, plan: happening.plan, outcome: null });
      if (happening.kind === 'outcome') {
        const { id, outcome } = happening;
        const row = written.findLast((each) => each.step.id === id && each.outcome === null);
        if (row === undefined) return [];
        row.outcome = outcome;
        return cameAbout.has(id) ? [] : untrue(row.step, outcome, scene.land);
      }
      if (happening.kind === 'life') return unlike(written, scene.land);
      return happening.kind === 'tick' ? forgotten(written, scene) : [];
    },
    judgeEnd: ({ land }) => unlike(written, land),
  };
}

function untrue({ id, change }: Step, { state, because }: StepOutcome, { truth, sight }: Land): string[] {
  const { hosts, vms, flights } = truth();
  if (because.startsWith('interrupted by a restart')) {
    const isGoingOn =
      change.kind === 'move'
        ? flights.some(({ vm, to }) => vm === change.vm && to === change.to)
        : hosts.some(({ id: host, power }) => host === change.host && power === COMING[change.to]);
    const isKnown = !sight.couldNotKnow(change.kind === 'move' ? [change.vm, change.from, change.to] : [change.host]);
    return isGoingOn && isKnown ? [`${id} is said to be over (${because}), and goes on`] : [];
  }
  if (state !== 'done') return [];
  if (change.kind === 'power') {
    const power = hosts.find((host) => host.id === change.host)?.power;
    const isSo = power === change.to || sight.couldNotKnow([change.host]);
    return isSo ? [] : [`${id} is said to be done, and ${change.host} is ${power}`];
  }
  const place = vms.find((vm) => vm.id === change.vm)?.host;
  const isSo = place === change.to || sight.couldNotKnow([change.vm, change.from, change.to]);
  return isSo ? [] : [`${id} is said to be done, and ${change.vm} is on ${place}`];
}

function unlike(written: readonly Written[], { journal }: Land): string[] {
  const read = journal.recentSteps(MOST_STEPS).toReversed();
  const [is, should] = [read, written].map((rows) => rows.map(({ step, plan, outcome }) => ({ step, plan, outcome })));
  if (isDeepStrictEqual(is, should)) return [];
  const at = should!.findIndex((row, i) => !isDeepStrictEqual(row, is![i]));
  return [`the journal gives back something else from step ${should![at]?.step.id ?? is!.at(-1)?.step.id} on`];
}

/** What was begun and has not ended is under way in the daemon that runs now. */
function forgotten(written: readonly Written[], { lives }: Scene): string[] {
  const daemon = lives.running?.daemon;
  if (daemon === undefined || daemon.status().notReadyBecause !== '') return [];
  const known = new Set(
    daemon
      .steps()
      .filter(({ endedAtMs }) => endedAtMs === null)
      .map(({ step }) => step.id),
  );
  const base = (id: string) => id.replace(/-try\d+$/, '');
  return written
    .filter(({ step, outcome }) => outcome === null && !known.has(step.id) && !known.has(base(step.id)))
    .map(({ step }) => `${step.id} has no outcome, and the daemon does not know of it`);
}
