import { Subject } from 'rxjs';
import type {
  DaemonEvent,
  DaemonQueries,
  DaemonStatus,
  Observation,
  PlanStatus,
  PolicyStatus,
} from '../../src/daemon/queries.ts';
import type { Decision, Verdicts } from '../../src/domain/decision.ts';
import type { Plan, Step, StepStatus } from '../../src/domain/plan.ts';
import { DEFAULT_PRICES, type Mode } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { SECOND } from '../../src/domain/units.ts';
import { aHost, aSnapshot, aVm, NOON_MS } from '../kit/fleet.ts';
import { FakeOperator, FakePast } from './fake-operator.ts';

/** A daemon that says what it was told to say, and remembers what it was told to do. */
export class FakeDaemon implements DaemonQueries {
  readonly events = new Subject<DaemonEvent>();
  readonly told: string[] = [];
  readonly operator = new FakeOperator();
  readonly past = new FakePast();
  state: DaemonStatus = aStatus();
  shown: Snapshot | undefined = twoHosts();
  judged: Verdicts[] = [someVerdicts()];
  planned: PlanStatus[] = [{ plan: aPlan(), state: 'waiting for confirmation' }];
  stepping: StepStatus[] = [aStepStatus()];
  refusal: string | undefined;

  status = () => this.state;
  snapshot = () => this.shown;
  caseText = () => (this.shown === undefined ? undefined : '{"hosts":[]}');
  verdicts = () => this.judged;
  plans = () => this.planned;
  steps = () => this.stepping;
  policies = (): PolicyStatus[] => [
    { id: 'green', about: 'Saves power.', version: 'a1', weight: 1, options: {}, optionsSchema: {}, trouble: '' },
  ];
  dataAgeMs = (snapshotVersion: number) => (snapshotVersion === 1 ? 12 * SECOND : undefined);
  observed = (kind: 'host' | 'vm', id: string): Observation | undefined =>
    id === 'h3' ? { trust: { known: false, cause: 'stale', sinceMs: NOON_MS }, cpu: someSignals(kind) } : undefined;
  forecastState = () => ({ now: 0, lately: 0, daily: 1, weekly: 0, 'too little history': 1 });
  setMode = (mode: Mode) => this.#hear(`mode ${mode}`);
  confirm = (planId: string, only: readonly string[] = []) => this.#hear(['confirm', planId, ...only].join(' '));
  reject = (planId: string) => this.#hear(`reject ${planId}`);

  #hear(order: string): string | undefined {
    if (this.refusal === undefined) this.told.push(order);
    return this.refusal;
  }
}

function someSignals(kind: 'host' | 'vm'): Observation['cpu'] {
  const mhz = { nowMhz: 100, latelyMhz: 90, highestMhz: 200, lowestMhz: 10, riseMhzPerHour: -5 };
  return kind === 'host' ? { ...mhz, isHot: false } : mhz;
}

export function aStatus(traits: Partial<DaemonStatus> = {}): DaemonStatus {
  return {
    cluster: 'meadow',
    version: '0.1.0',
    driver: 'simulated',
    state: 'running',
    mode: 'confirm',
    power: true,
    pausedSinceMs: null,
    troubles: [],
    prices: DEFAULT_PRICES,
    nowMs: NOON_MS + 10 * SECOND,
    startedAtMs: NOON_MS - 600 * SECOND,
    cycles: 10,
    lastCycleAtMs: NOON_MS,
    notReadyBecause: '',
    ...traits,
  };
}

/** h1 with web and db, web on its way to h2; h3 off. */
export function twoHosts(): Snapshot {
  return aSnapshot({
    hosts: [aHost({ rack: 'r1' }), aHost({ id: 'h2', rack: 'r1' }), aHost({ id: 'h3', rack: 'r2', power: 'off' })],
    vms: [aVm({ id: 'web', demand: { cpuMhz: 40_000 } }), aVm({ id: 'db' })],
    flights: [{ vm: 'web', from: 'h1', to: 'h2' }],
  });
}

export function aDecision(traits: Partial<Decision> = {}): Decision {
  return {
    id: 'd1',
    phase: 'improve',
    policy: 'load-balance',
    policyVersion: 'a1',
    changes: [{ kind: 'move', vm: 'web', from: 'h1', to: 'h2' }],
    terms: [
      { term: 'contention', beforePerHour: 0.5, afterPerHour: 0.08 },
      { term: 'power', beforePerHour: 1, afterPerHour: 1 },
    ],
    savingPerHour: 0.42,
    onceCost: 0.02,
    paybackMs: 144 * SECOND,
    because: 'h1 was at 92 % CPU; h2 will be at 51 %',
    ...traits,
  };
}

export function someVerdicts(decisions: readonly Decision[] = [aDecision(), aRefused()]): Verdicts {
  return {
    snapshotVersion: 1,
    atMs: NOON_MS,
    decisions,
    violations: [{ rule: 'anti-affinity', because: 'web and db are both on h1', vms: ['web', 'db'], host: 'h1' }],
    unrepaired: [],
    staysOn: [],
    terms: [{ term: 'contention', beforePerHour: 0.5, afterPerHour: 0.08 }],
    efficacy: {
      costBeforePerHour: 1.5,
      costAfterPerHour: 1.08,
      onceCost: 0.02,
      moves: 1,
      switchedOn: 0,
      switchedOff: 0,
      hostsOnBefore: 2,
      hostsOnAfter: 2,
      bytesToCopy: 4e9,
    },
    skipped: [{ policy: 'broken', because: 'it threw' }],
    limitsHit: ['candidates per cycle'],
  };
}

export function aRefused(): Decision {
  return aDecision({
    id: 'd2',
    changes: [{ kind: 'move', vm: 'db', from: 'h1', to: 'h3' }],
    refusal: { rule: 'open-host', because: 'h3 is off' },
  });
}

export function aStep(traits: Partial<Step> = {}): Step {
  return {
    id: 's1',
    decision: 'd1',
    phase: 'improve',
    change: { kind: 'move', vm: 'web', from: 'h1', to: 'h2' },
    after: [],
    startsAtMs: NOON_MS,
    endsAtMs: NOON_MS + 20 * SECOND,
    migration: { seconds: 20, bytes: 4e9, rounds: 2, blackoutMs: 80, converges: true },
    ...traits,
  };
}

export function aStepStatus(traits: Partial<StepStatus> = {}): StepStatus {
  return {
    step: aStep(),
    plan: 'p1',
    state: 'copying',
    because: '',
    startedAtMs: NOON_MS,
    endedAtMs: null,
    progress: { round: 1, copiedBytes: 3e9, remainingBytes: 1e9, bytesPerS: 1e8 },
    ...traits,
  };
}

export function aPlan(traits: Partial<Plan> = {}): Plan {
  return {
    id: 'p1',
    atMs: NOON_MS,
    steps: [aStep()],
    impossible: [],
    makespanMs: 20_000,
    lowerBoundMs: 20_000,
    ...traits,
  };
}
