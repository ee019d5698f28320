import type { Inventory } from '../../../src/domain/inventory.ts';
import { brokenRules } from '../../kit/rule-checker.ts';
import type { Land } from '../land.ts';
import type { Checker, Scene } from './checker.ts';

const RESTS_FOR_CYCLES = 6;

/** Whether nothing has been done for a while, and nothing is left to do. */
export interface Rest extends Checker {
  isReached(scene: Scene): boolean;
}

/** After the faults everything heals, and comes to rest. */
export function rest(): Rest {
  let busyAtMs = 0;
  return {
    property: 'all comes to rest after the faults',
    judge(happening, { land }) {
      const isWork = happening.kind === 'step' || happening.kind === 'begun' || happening.kind === 'outcome';
      if (isWork || happening.kind === 'life' || happening.kind === 'fault') busyAtMs = land.clock.nowMs();
      return [];
    },
    isReached({ land, lives }) {
      const { cycleSeconds } = land.scenario.settings.observe;
      const isQuiet = land.clock.nowMs() - busyAtMs > RESTS_FOR_CYCLES * cycleSeconds * 1_000;
      return isQuiet && unhealed({ land, lives }).length === 0;
    },
    judgeEnd(scene) {
      const open = unhealed(scene);
      const { cycleSeconds } = scene.land.scenario.settings.observe;
      const isQuiet = scene.land.clock.nowMs() - busyAtMs > RESTS_FOR_CYCLES * cycleSeconds * 1_000;
      return isQuiet ? open : [...open, 'Drover is still at work'];
    },
  };
}

function unhealed({ land, lives }: Scene): string[] {
  const daemon = lives.running?.daemon;
  if (daemon === undefined) return ['no daemon is running'];
  const { notReadyBecause } = daemon.status();
  const { trials, suspects, moves, switches } = daemon.operator.standing();
  const open = daemon.steps().filter(({ endedAtMs }) => endedAtMs === null);
  return [
    ...(notReadyBecause === '' ? [] : [notReadyBecause]),
    ...open.map(({ step, state, because }) => `${step.id} is ${state} ${because}`),
    ...land.journal.unfinishedSteps().map(({ step }) => `${step.id} is unfinished in the journal`),
    ...suspects.map(({ host, because }) => `${host} is suspect although it obeys again: ${because}`),
    ...trials.map(({ host, stage }) => `the trial of ${host} is not over: ${stage}`),
    ...moves.map(({ vm, to }) => `${vm} was ordered to ${to} and is not there`),
    ...switches.map(({ host, to }) => `${host} was ordered ${to} and is not`),
    ...unknowns(daemon.snapshot()),
    ...asItIs(land),
  ];
}

function unknowns(snapshot: ReturnType<NonNullable<Scene['lives']['running']>['daemon']['snapshot']>): string[] {
  if (snapshot === undefined) return ['there is no snapshot'];
  const { hosts, vms } = snapshot;
  return [
    ...hosts.ids.filter((_, host) => hosts.known[host] !== 1).map((id) => `${id} is still unknown`),
    ...vms.ids.filter((_, vm) => vms.known[vm] !== 1).map((id) => `${id} is still unknown`),
  ];
}

function asItIs({ truth }: Land): string[] {
  const inventory: Inventory = truth();
  const on = new Set(inventory.hosts.filter(({ power }) => power === 'on').map(({ id }) => id));
  return [
    ...inventory.flights.map(({ vm, to }) => `${vm} is still on its way to ${to}`),
    ...inventory.vms.filter(({ host }) => !on.has(host)).map(({ id, host }) => `${id} is down with ${host}`),
    ...brokenRules(inventory)
      .filter((words) => !isStuck(words, inventory))
      .map((rule) => `${rule} is still broken`),
  ];
}

function isStuck(words: string, inventory: Inventory): boolean {
  const broken = inventory.rules.find(({ id }) => words.split(' ').includes(id));
  if (broken?.kind === 'affinity') return isTooMuchForOneHost(broken.vms, inventory);
  return broken?.kind === 'anti-affinity' && isFullOfBackups(broken.vms, inventory);
}

/** No host could take all of them, were it empty. */
function isTooMuchForOneHost(ids: readonly string[], { hosts, vms }: Inventory): boolean {
  const group = vms.filter(({ id }) => ids.includes(id));
  return hosts.every(({ capacity, reserved }) =>
    (['cpuMhz', 'memoryBytes'] as const).some(
      (resource) => group.reduce((sum, { demand }) => sum + demand[resource], reserved[resource]) > capacity[resource],
    ),
  );
}

/**
 * Where backups fill every host to the last place, none of those VMs can be moved without too many somewhere on the way:
 * no order of moves mends a rule that is about them alone.
 */
function isFullOfBackups(ids: readonly string[], { hosts, rules }: Inventory): boolean {
  return rules.some((rule) => {
    if (rule.kind !== 'backups' || rule.hosts.length > 0) return false;
    return rule.jobs.some(({ vms }) => {
      const isFull = vms.length >= rule.most * hosts.length;
      return isFull && ids.every((vm) => vms.includes(vm));
    });
  });
}
