import { MODES } from '../../domain/profile.ts';
import { ENTITY, ONE } from './labels.ts';
import { counter, declare, gauge, oneOf, open } from './metric.ts';

/** Stages of the control cycle that are timed. */
export const STAGES = ['observe', 'decide', 'plan'] as const;
export type Stage = (typeof STAGES)[number];

export const LIFECYCLE_STATES = ['starting', 'running', 'draining', 'stopped', 'failed'] as const;

/** Who brings about what a person has to know of: the datacenter itself, or others who are at work in it. */
export const TROUBLES_BY = ['datacenter', 'others'] as const;

export const SAMPLE_LOSSES = ['late', 'repeated', 'unlisted'] as const;

const stageHistogram = declare(
  'histogram',
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
);

/** The daemon, its control cycle, and what it sees. */
export const LOOP = {
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
  ready: gauge('drover_ready', 'number', '1 while nothing keeps Drover from its work, else 0; /readyz says what does.'),
  troubles: gauge(
    'drover_troubles',
    'number',
    'What a person has to look at, as `drover status` lists it: guests that are paused or run twice, hosts that are not what they should be (datacenter); VMs that are moved and hosts that are emptied by others, for which Drover stands back (others).',
    { by: oneOf(TROUBLES_BY) },
  ),
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
  snapshots: counter('drover_snapshots_total', 'number', 'Snapshots taken.'),
  snapshotTime: gauge(
    'drover_snapshot_timestamp_seconds',
    'seconds',
    'Datacenter time of the newest snapshot, in seconds since 1970.',
  ),
  snapshotAge: gauge('drover_snapshot_age_seconds', 'seconds', 'Datacenter time since the newest snapshot.'),
  oldestAge: gauge(
    'drover_snapshot_oldest_age_seconds',
    'seconds',
    'Datacenter time since the oldest measurement that the newest snapshot believes.',
  ),
  unknown: gauge('drover_unknown_entities', 'number', 'Hosts and VMs whose data is not trusted, by the first cause.', {
    kind: ENTITY,
    cause: open(16),
  }),
  samplesDropped: counter('drover_samples_dropped_total', 'number', 'Samples thrown away because a buffer was full.'),
  samplesRefused: counter(
    'drover_samples_refused_total',
    'number',
    'Samples that were not believed, by what was wrong with them.',
    { kind: ENTITY, cause: open(16) },
  ),
  samplesLeftOut: counter(
    'drover_samples_left_out_total',
    'number',
    'Good samples that came too late, came twice, or were about what no inventory lists.',
    { cause: oneOf(SAMPLE_LOSSES) },
  ),
};
