import { Executor } from '../../src/act/executor.ts';
import { DEFAULT_PATIENCE } from '../../src/act/patience.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { Hook, Hooks } from '../../src/domain/hook.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { toSnapshot } from '../../src/domain/inventory.ts';
import type { Plan, StepState, StepStatus } from '../../src/domain/plan.ts';
import type { Limits } from '../../src/domain/profile.ts';
import { DEFAULT_LIMITS } from '../../src/domain/profile.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { aHost, anInventory, aVm, many, NOON_MS } from '../kit/fleet.ts';
import { MemoryJournal } from '../kit/memory-journal.ts';
import { eachAccepted, theVerdicts } from '../kit/verdicts.ts';
import { VirtualClock } from '../kit/virtual-clock.ts';
import { FakeCaller } from './fake-caller.ts';
import { FakeDriver } from './fake-driver.ts';

/** Here nobody takes snapshots while time passes. */
const PATIENCE = { ...DEFAULT_PATIENCE, oldestSightMs: Number.POSITIVE_INFINITY };

/** An executor with everything around it. */
export class Stage {
  readonly clock = new VirtualClock(NOON_MS);
  readonly journal = new MemoryJournal();
  readonly driver: FakeDriver;
  readonly executor: Executor;
  readonly told: StepStatus[] = [];
  readonly logged: string[] = [];
  readonly limits: Limits;
  readonly hooks: Hooks;
  readonly caller = new FakeCaller(this.clock);
  /** How far the executor's clock is ahead of the driver's. */
  skewMs = 0;
  #version = 0;

  constructor(inventory: Inventory, limits = DEFAULT_LIMITS, around: readonly Hook[] = [], patience = PATIENCE) {
    this.limits = limits;
    const slots = Math.max(limits.migrationsPerSource, limits.migrationsPerTarget) || Number.POSITIVE_INFINITY;
    this.driver = new FakeDriver(this.clock, inventory, slots);
    this.hooks = { mostAtOnce: 2, around };
    const { journal, driver, hooks, caller } = this;
    const clock: Clock = {
      nowMs: () => this.clock.nowMs() + this.skewMs,
      after: (delayMs, call) => this.clock.after(delayMs, call),
    };
    this.executor = new Executor({ driver, journal, clock, limits, patience, hooks, caller, log: this.#log() });
    this.executor.changes.subscribe((status) => this.told.push(status));
  }

  snapshot(): Snapshot {
    this.#version += 1;
    return toSnapshot(this.driver.inventoryNow, this.#version);
  }

  /** Plans what is wanted from where things are, and hands it over. */
  want(changes: readonly Change[], decisions: readonly Decision[] = eachAccepted(changes)): Plan {
    return this.replan(this.executor, decisions);
  }

  /** The same for an executor that lives on this stage beside or after its own. */
  replan(executor: Executor, decisions: readonly Decision[]): Plan {
    const snapshot = this.snapshot();
    const atMs = this.clock.nowMs();
    const plan = makePlan({ snapshot, verdicts: theVerdicts(decisions, snapshot.version), limits: this.limits, atMs });
    executor.adopt(plan, snapshot);
    return plan;
  }

  status(subject: string): StepStatus | undefined {
    return this.executor.steps.find(
      ({ step: { change } }) => (change.kind === 'move' ? change.vm : change.host) === subject,
    );
  }

  /** The state and reason of the step about this VM or host. */
  standing(subject: string): string {
    const status = this.status(subject);
    if (status === undefined) return 'unknown';
    return status.because === '' ? status.state : `${status.state}: ${status.because}`;
  }

  statesTold(subject: string): StepState[] {
    const about = this.told.filter(
      ({ step: { change } }) => (change.kind === 'move' ? change.vm : change.host) === subject,
    );
    return about.map(({ state }) => state).filter((state, at, states) => state !== states[at - 1]);
  }

  #log(): Log {
    const say = (sentence: string) => this.logged.push(sentence);
    return { debug: say, info: say, warn: say, error: say };
  }
}

/** Hosts h1 … with one VM each: vm1 on h1, and so on. */
export function oneVmEach(hosts: number): Inventory {
  return anInventory({
    hosts: many(hosts, (n) => aHost({ id: `h${n}` })),
    vms: many(hosts, (n) => aVm({ id: `vm${n}`, host: `h${n}` })),
  });
}
