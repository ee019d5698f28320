/**
 * Every metric of Drover, declared once. The registry, the table in the documents, and the checks of dashboards and
 * alerts are made from this list.
 */
import { PHASES } from '../domain/decision.ts';
import { STEP_STATES } from '../domain/plan.ts';
import { POWER_STATES } from '../domain/power.ts';
import { MODES } from '../domain/profile.ts';
import { RESOURCES } from '../domain/resources.ts';

export type MetricType = 'counter' | 'gauge' | 'histogram';

export type Unit = 'seconds' | 'bytes' | 'joules' | 'watts' | 'ratio' | 'money per hour' | 'number';

/** What a label may say: one of fixed values, or open with a bound; values beyond the bound are counted as `other`. */
export interface Label {
  readonly values: readonly string[] | undefined;
  readonly most: number;
}

export interface Metric<Type extends MetricType = MetricType, L extends string = string> {
  readonly name: string;
  readonly type: Type;
  readonly unit: Unit;
  readonly labels: Readonly<Record<L, Label>>;
  readonly about: string;
  readonly buckets: readonly number[];
}

/** The label value that stands for all values beyond a bound. */
export const OTHER = 'other';

/** Stages of the control cycle that are timed. */
export const STAGES = ['observe', 'decide', 'plan'] as const;
export type Stage = (typeof STAGES)[number];

export const LIFECYCLE_STATES = ['starting', 'running', 'draining', 'stopped', 'failed'] as const;

export const LOAD_RANKS = ['lowest', 'median', 'p90', 'highest'] as const;
export type LoadRank = (typeof LOAD_RANKS)[number];

export const REQUEST_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

const oneOf = (values: readonly string[]): Label => ({ values, most: values.length });
const open = (most: number): Label => ({ values: undefined, most });

const STEP_KIND = oneOf(['move', 'power on', 'power off']);
const RESOURCE = oneOf(RESOURCES.map((resource) => resource.name));
const MOMENT = oneOf(['before', 'after']);
const POLICY = open(64);
const RULE = open(64);
const ONE = open(1);

type Declare<Type extends MetricType> = <L extends string = never>(
  name: string,
  unit: Unit,
  about: string,
  labels?: Readonly<Record<L, Label>>,
) => Metric<Type, L>;

function declare<Type extends MetricType>(type: Type, buckets: readonly number[] = []): Declare<Type> {
  return <L extends string = never>(name: string, unit: Unit, about: string, labels?: Readonly<Record<L, Label>>) => ({
    name,
    type,
    unit,
    about,
    labels: labels ?? ({} as Readonly<Record<L, Label>>),
    buckets,
  });
}

const counter = declare('counter');
const gauge = declare('gauge');
const stageHistogram = declare(
  'histogram',
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
);
const migrationHistogram = declare('histogram', [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600]);
const blackoutHistogram = declare('histogram', [0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10]);

const DAEMON = {
  info: gauge('drover_info', 'number', 'Always 1; the labels say what runs here.', {
    version: ONE,
    cluster: ONE,
    driver: ONE,
  }),
  state: gauge('drover_state', 'number', '1 for the state that the daemon is in, 0 for the others.', {
    state: oneOf(LIFECYCLE_STATES),
  }),
  mode: gauge('drover_mode', 'number', '1 for the mode that is in force, 0 for the others.', { mode: oneOf(MODES) }),
  powerSwitching: gauge('drover_power_switching', 'number', '1 while hosts may be switched on and off, else 0.'),
  cycles: counter('drover_cycles_total', 'number', 'Control cycles that ran to their end.'),
  cycleFailures: counter('drover_cycle_failures_total', 'number', 'Control cycles that broke off with an error.'),
  cycleDuration: stageHistogram(
    'drover_cycle_duration_seconds',
    'seconds',
    'Real time that a stage of the control cycle took.',
    { stage: oneOf(STAGES) },
  ),
  limitsHit: counter(
    'drover_search_limits_hit_total',
    'number',
    'Times that a limit cut the search for changes short.',
  ),
  policyInfo: gauge('drover_policy_info', 'number', 'Always 1; the labels say which version of a policy is loaded.', {
    policy: POLICY,
    version: open(64),
  }),
  policyTrouble: gauge(
    'drover_policy_trouble',
    'number',
    '1 while the newest version or the last run of a policy could not be used, else 0.',
    { policy: POLICY },
  ),
  policyErrors: counter('drover_policy_errors_total', 'number', 'Cycles in which a policy failed and was skipped.', {
    policy: POLICY,
  }),
  requests: counter('drover_http_requests_total', 'number', 'Requests answered, by class of status.', {
    status: oneOf(REQUEST_CLASSES),
  }),
  streams: gauge('drover_http_event_streams', 'number', 'Clients that follow the event stream.'),
  streamsDropped: counter(
    'drover_http_event_streams_dropped_total',
    'number',
    'Event streams that were closed because the client read too slowly, or refused because there were too many.',
  ),
};

const OBSERVED = {
  snapshots: counter('drover_snapshots_total', 'number', 'Snapshots taken.'),
  snapshotTime: gauge(
    'drover_snapshot_timestamp_seconds',
    'seconds',
    'Datacenter time of the newest snapshot, in seconds since 1970.',
  ),
  snapshotAge: gauge(
    'drover_snapshot_oldest_age_seconds',
    'seconds',
    'Datacenter time since the oldest measurement that the newest snapshot believes.',
  ),
  unknown: gauge('drover_unknown_entities', 'number', 'Hosts and VMs whose data is not trusted, by the first cause.', {
    kind: oneOf(['host', 'vm']),
    cause: open(16),
  }),
  samplesDropped: counter('drover_samples_dropped_total', 'number', 'Samples thrown away because a buffer was full.'),
  hosts: gauge('drover_hosts', 'number', 'Hosts by power state.', { power: oneOf(POWER_STATES) }),
  hostsInMaintenance: gauge('drover_hosts_in_maintenance', 'number', 'Hosts that are marked for maintenance.'),
  vms: gauge('drover_vms', 'number', 'VMs in the newest snapshot.'),
  load: gauge('drover_load_ratio', 'ratio', 'What is in use of what the hosts that are on offer together.', {
    resource: RESOURCE,
  }),
  hostLoad: gauge(
    'drover_host_load_ratio',
    'ratio',
    'Load of single hosts among those that are on: the lowest, the median, the 90th percentile and the highest.',
    { resource: RESOURCE, rank: oneOf(LOAD_RANKS) },
  ),
  watts: gauge('drover_power_watts', 'watts', 'Power drawn by all hosts, from their power models and CPU load.'),
  energy: counter('drover_energy_joules_total', 'joules', 'Energy drawn by all hosts since the daemon started.'),
  energySaved: counter(
    'drover_energy_saved_joules_total',
    'joules',
    'Energy that hosts which are off would have drawn more, had they idled, since the daemon started.',
  ),
};

const DECIDED = {
  decisions: counter('drover_decisions_total', 'number', 'Proposals judged.', {
    phase: oneOf(PHASES),
    policy: POLICY,
    verdict: oneOf(['accepted', 'refused']),
  }),
  refusals: counter('drover_refusals_total', 'number', 'Proposals refused, by the rule that refused them.', {
    rule: RULE,
  }),
  cost: gauge('drover_cost_per_hour', 'money per hour', 'Running cost before and after the last accepted decisions.', {
    term: open(128),
    moment: MOMENT,
  }),
  onceCost: counter('drover_accepted_once_cost_total', 'number', 'One-off cost of all accepted decisions, in money.'),
  violations: gauge(
    'drover_rule_violations',
    'number',
    'Rules that are broken as things stand (before), and would still be after the accepted decisions (after).',
    { rule: RULE, moment: MOMENT },
  ),
};

const CARRIED_OUT = {
  plans: counter('drover_plans_total', 'number', 'Plans made that had steps.'),
  planMakespan: gauge('drover_plan_makespan_seconds', 'seconds', 'How long the last plan will take as planned.'),
  planLowerBound: gauge(
    'drover_plan_lower_bound_seconds',
    'seconds',
    'How long the last plan would take in the best imaginable order.',
  ),
  impossible: counter(
    'drover_changes_impossible_total',
    'number',
    'Decided changes for which no order could be found.',
  ),
  stepsStanding: gauge('drover_steps', 'number', 'Steps that have not ended, by state.', {
    kind: STEP_KIND,
    state: oneOf(STEP_STATES.slice(0, STEP_STATES.indexOf('done'))),
  }),
  steps: counter('drover_steps_total', 'number', 'Steps that ended.', {
    kind: STEP_KIND,
    outcome: oneOf(STEP_STATES.slice(STEP_STATES.indexOf('done'))),
  }),
  migrationDuration: migrationHistogram(
    'drover_migration_duration_seconds',
    'seconds',
    'Datacenter time that migrations took that were done.',
  ),
  migrationPredicted: counter(
    'drover_migration_predicted_seconds_total',
    'seconds',
    'Datacenter time that the migrations that were done had been expected to take.',
  ),
  migrationBytes: counter('drover_migration_bytes_total', 'bytes', 'Bytes copied by migrations, however they ended.'),
  migrationBlackout: blackoutHistogram(
    'drover_migration_blackout_seconds',
    'seconds',
    'How long guests stood still at the end of migrations that were done.',
  ),
};

export const CATALOGUE = { ...DAEMON, ...OBSERVED, ...DECIDED, ...CARRIED_OUT };

export const ALL_METRICS: readonly Metric[] = Object.values(CATALOGUE);
