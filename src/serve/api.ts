/** What the API says: the shapes of its answers, shared by server, client and console. Units are in names, last. */

import type { DaemonStatus, Observation, PlanStatus } from '../daemon/queries.ts';
import type { Change, Move } from '../domain/change.ts';
import type { Decision } from '../domain/decision.ts';
import type { Host } from '../domain/host.ts';
import type { Impossible, MigrationMeasured, Plan, StepStatus } from '../domain/plan.ts';
import type { PowerState } from '../domain/power.ts';
import type { RefusalCount } from '../domain/refusals.ts';
import type { Amounts, ResourceName } from '../domain/resources.ts';
import type { Refusal, Rule, Violation } from '../domain/rule.ts';
import type { Vm } from '../domain/vm.ts';
import type { RecordedHook, StepOutcome } from '../ports/journal.ts';

export type { Standing } from '../daemon/operator.ts';
export type { ForecastState, PolicyStatus } from '../daemon/queries.ts';

export type Shares = Readonly<Record<ResourceName, number>>;

/** Part of a longer list. */
export interface Page<T> {
  readonly total: number;
  readonly offset: number;
  readonly items: readonly T[];
}

export interface StatusView extends DaemonStatus {
  /** Null until the first snapshot. */
  readonly fleet: FleetView | null;
}

export interface FleetView {
  readonly snapshotVersion: number;
  readonly atMs: number;
  readonly hosts: number;
  readonly hostsByPower: Readonly<Record<PowerState, number>>;
  readonly vms: number;
  readonly migrations: number;
  readonly watts: number;
  /** What hosts that are off would draw more if they idled. */
  readonly savedWatts: number;
  /** Of what the hosts that are on offer together. */
  readonly share: Shares;
  /** As of the last cycle; null until there was one. */
  readonly costPerHour: number | null;
  readonly violations: number;
  /** By rule, how many of the hosts that are on could not be switched off as well, with one of the reasons. */
  readonly staysOn: readonly RefusalCount[];
}

export interface HostStatus {
  readonly id: string;
  readonly power: PowerState;
  readonly rack: string;
  readonly site: string;
  readonly known: boolean;
  /** Why its data is not trusted; empty where it is, or nobody says. */
  readonly doubt: string;
  readonly maintenance: boolean;
  readonly vmCount: number;
  /** VMs that are on their way to and from this host. */
  readonly arriving: number;
  readonly departing: number;
  readonly used: Amounts;
  readonly capacity: Amounts;
  readonly share: Shares;
  readonly watts: number;
  /** Why it is on, as of the last cycle; null where it is not, or where that costs nothing. */
  readonly staysOn: Refusal | null;
}

export interface HostDetail extends HostStatus, Partial<Observation> {
  readonly make: Pick<Host, 'cores' | 'cpu' | 'subnet' | 'storages' | 'vlans' | 'labels' | 'powerModel'>;
  readonly vms: readonly string[];
}

export interface VmStatus extends Vm {
  readonly movingTo: string | null;
}

export interface VmDetail extends VmStatus, Partial<Observation> {
  /** Newest first. */
  readonly decisions: readonly DecisionView[];
  readonly steps: readonly StepView[];
}

export interface DecisionView extends Decision {
  readonly atMs: number;
  readonly snapshotVersion: number;
  readonly accepted: boolean;
  /** What, and why it is worth it or why not, in one sentence. */
  readonly words: string;
}

/** One decision from what it went by to what became of it. */
export interface DecisionDetail extends DecisionView {
  /** How old the oldest datum was that it was made on; null where that is no longer known. */
  readonly oldestAgeMs: number | null;
  /** The newest plan that carries it out; null where there is none (any more). */
  readonly plan: PlanView | null;
  readonly planned: readonly PlannedStep[];
  readonly steps: readonly StepView[];
  /** Later decisions, newest first, for some of the same changes: a step that waits goes by the newest. */
  readonly repeatedAs: readonly string[];
}

export interface PlanView {
  readonly id: string;
  readonly atMs: number;
  readonly state: PlanStatus['state'];
  readonly makespanMs: number;
  readonly lowerBoundMs: number;
  /** How many steps: the list of plans carries no steps, a single plan does. */
  readonly stepCount: number;
  readonly words: string;
}

export interface PlanDetail extends PlanView {
  readonly steps: readonly PlannedStep[];
  /** What the steps are for, in the order in which that begins; those of long ago are forgotten. */
  readonly decisions: readonly DecisionView[];
  readonly impossible: readonly Impossible[];
}

export interface PlannedStep {
  readonly id: string;
  readonly change: Change;
  readonly decision: string;
  readonly after: readonly string[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly words: string;
}

/** What was done about an order of a person, or with `dryRun` would be. */
export interface OrderView {
  readonly dryRun: boolean;
  readonly words: string;
  /** What will be carried out for it, as far as that is known already. */
  readonly steps: readonly PlannedStep[];
  /** When it is expected to have come about; null where nobody can say. */
  readonly endsAtMs: number | null;
}

/** One cycle of the past, by the number of the snapshot that it went by. */
export interface CycleView {
  readonly cycle: number;
  readonly atMs: number;
  readonly accepted: number;
  readonly refused: number;
  /** Whether it can be decided again. */
  readonly hasCase: boolean;
  /** The first things that were decided. */
  readonly words: string;
}

export interface CycleDetail extends CycleView {
  readonly decisions: readonly DecisionView[];
  readonly plan: Pick<Plan, 'id' | 'atMs' | 'makespanMs' | 'lowerBoundMs' | 'impossible'> | null;
  readonly planned: readonly PlannedStep[];
  readonly steps: readonly PastStep[];
  readonly hooks: readonly RecordedHook[];
}

/** What a migration was expected to take, and what it took. */
export interface MigrationView extends Move {
  readonly step: string;
  readonly atMs: number;
  readonly predicted: MigrationMeasured;
  readonly realised: MigrationMeasured;
}

/** A step that was begun, and how it ended; null while nobody knows. */
export interface PastStep extends PlannedStep {
  readonly begunAtMs: number;
  readonly outcome: StepOutcome | null;
}

export interface StepView extends StepStatus {
  readonly words: string;
  /** How far it is, from 0 to 1; null while it is queued. */
  readonly share: number | null;
  readonly remainingMs: number | null;
}

export interface RulesView {
  readonly rules: readonly Rule[];
  readonly violations: readonly Violation[];
  readonly unrepaired: readonly Violation[];
}

/** One point of the recent past, for charts. */
export interface HistoryPoint {
  readonly atMs: number;
  readonly hostsOn: number;
  readonly cpuShare: number;
  readonly watts: number;
}
