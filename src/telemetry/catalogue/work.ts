import { PHASES } from '../../domain/decision.ts';
import { STEP_STATES } from '../../domain/plan.ts';
import { REASON, STEP_KIND } from './labels.ts';
import { counter, declare, gauge, oneOf } from './metric.ts';

const FIRST_END = STEP_STATES.indexOf('done');
export const OUTCOMES = STEP_STATES.slice(FIRST_END);
const OUTCOME = oneOf(OUTCOMES);

/** What tokens are given out for. */
export const LIMITED = [
  'source',
  'target',
  'link',
  'pair',
  'rack uplink',
  'site uplink',
  'storage',
  'cluster',
  'power switches',
] as const;
export type Limited = (typeof LIMITED)[number];

const migrationHistogram = declare('histogram', [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600]);
const blackoutHistogram = declare('histogram', [0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10]);
const ratioHistogram = declare('histogram', [0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 4]);
const switchHistogram = declare('histogram', [10, 20, 30, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800]);

const PLANS = {
  plans: counter('drover_plans_total', 'number', 'Plans made that had steps.'),
  plansWaiting: gauge('drover_plans_waiting', 'number', 'Plans that wait for a person to confirm them.'),
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
};

const STEPS = {
  stepsStanding: gauge('drover_steps', 'number', 'Steps that have not ended, by state.', {
    kind: STEP_KIND,
    state: oneOf(STEP_STATES.slice(0, FIRST_END)),
  }),
  stepsWaiting: gauge('drover_steps_waiting', 'number', 'Steps that are queued, by what they wait for.', {
    reason: REASON,
  }),
  steps: counter('drover_steps_total', 'number', 'Steps that ended.', {
    kind: STEP_KIND,
    phase: oneOf(PHASES),
    outcome: OUTCOME,
  }),
  hooks: counter(
    'drover_hooks_total',
    'number',
    'Hooks around tries of migrations, by how they ended; what failed has to be ended by hand.',
    { outcome: OUTCOME },
  ),
  stepsNotDone: counter('drover_steps_not_done_total', 'number', 'Steps that ended otherwise than done, by why.', {
    kind: STEP_KIND,
    outcome: oneOf(OUTCOMES.filter((outcome) => outcome !== 'done')),
    reason: REASON,
  }),
  limit: gauge('drover_limit', 'number', 'How much may be under way at once; 0 is no limit.', {
    limit: oneOf(LIMITED),
  }),
  limitUsed: gauge(
    'drover_limit_used',
    'number',
    'How much is under way of what a limit counts, at the host, pair, link or storage where it is most.',
    { limit: oneOf(LIMITED) },
  ),
  undone: counter(
    'drover_moves_undone_total',
    'number',
    'Migrations that brought a VM back to where it had come from not long before; the configuration says how long.',
  ),
  switchDuration: switchHistogram(
    'drover_power_switch_duration_seconds',
    'seconds',
    'Datacenter time from the command until a host was on, or off.',
    { to: oneOf(['on', 'off']) },
  ),
};

const MIGRATIONS = {
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
  migrationError: ratioHistogram(
    'drover_migration_duration_error_ratio',
    'ratio',
    'How long migrations took that were done, as a part of what had been expected: 1 is as expected.',
  ),
  migrationBytes: counter('drover_migration_bytes_total', 'bytes', 'Bytes copied by migrations, by how they ended.', {
    outcome: OUTCOME,
  }),
  migrationPredictedBytes: counter(
    'drover_migration_predicted_bytes_total',
    'bytes',
    'Bytes that the migrations that were done had been expected to copy.',
  ),
  migrationBlackout: blackoutHistogram(
    'drover_migration_blackout_seconds',
    'seconds',
    'How long guests stood still at the end of migrations that were done.',
  ),
  migrationPredictedBlackout: counter(
    'drover_migration_predicted_blackout_seconds_total',
    'seconds',
    'How long the guests of the migrations that were done had been expected to stand still.',
  ),
};

/** Plans, their steps, the limits on them, and how they went. */
export const WORK = { ...PLANS, ...STEPS, ...MIGRATIONS };
