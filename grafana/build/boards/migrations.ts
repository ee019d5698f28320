import { CATALOGUE as M } from '../../../src/telemetry/catalogue.ts';
import type { Board, Section } from '../dashboard.ts';
import { bars, graph, stat, table } from '../panel.ts';
import { of, perInterval, quantile, rate, sum, total, totalOf } from '../query.ts';

const NOW: Section = {
  title: 'Now',
  panels: [
    stat({
      title: 'Under way',
      about: 'Migrations that have begun and not ended.',
      unit: 'short',
      width: 4,
      line: true,
      queries: [{ expr: sum(of(M.stepsStanding, { kind: 'move', state: { match: '[^q].*' } })), legend: 'under way' }],
    }),
    stat({
      title: 'Queued',
      about: 'Migrations that wait for their turn.',
      unit: 'short',
      width: 4,
      line: true,
      queries: [{ expr: sum(of(M.stepsStanding, { kind: 'move', state: 'queued' })), legend: 'queued' }],
    }),
    stat({
      title: 'Plan',
      about: 'How long the last plan will take, in datacenter time.',
      unit: 's',
      width: 4,
      line: true,
      queries: [{ expr: `max(${of(M.planMakespan)})`, legend: 'makespan' }],
    }),
    stat({
      title: 'Plan against the best imaginable',
      about: 'How many times longer the last plan takes than the best order that anybody could think of; 1 is perfect.',
      unit: 'short',
      width: 4,
      decimals: 2,
      thresholds: [[1.25, 'yellow']],
      queries: [{ expr: `max(${of(M.planMakespan)} / (${of(M.planLowerBound)} > 0)) or vector(1)`, legend: 'times' }],
    }),
    stat({
      title: 'Done',
      about: 'Migrations that were done in the time shown.',
      unit: 'short',
      width: 4,
      decimals: 0,
      queries: [{ expr: sum(total(M.steps, { kind: 'move', outcome: 'done' })), legend: 'done' }],
    }),
    stat({
      title: 'Failed',
      about: 'Migrations that failed in the time shown, second tries included.',
      unit: 'short',
      width: 4,
      decimals: 0,
      thresholds: [
        [1, 'yellow'],
        [10, 'red'],
      ],
      queries: [{ expr: sum(total(M.steps, { kind: 'move', outcome: 'failed' })), legend: 'failed' }],
    }),
    graph({
      title: 'Migrations by state',
      about: 'Migrations that have not ended, by the state that they are in.',
      unit: 'short',
      width: 12,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(of(M.stepsStanding, { kind: 'move' }), 'state'), legend: '{{state}}' }],
    }),
    bars({
      title: 'What queued steps wait for',
      about: 'Steps that are queued, by the reason why they have not begun. Names and numbers are left out of reasons.',
      unit: 'short',
      width: 12,
      queries: [{ expr: `${sum(of(M.stepsWaiting), 'reason')} or vector(0)`, legend: '{{reason}}' }],
    }),
  ],
};

const HOW_THEY_WENT: Section = {
  title: 'How they went',
  panels: [
    graph({
      title: 'Ended, by outcome',
      about: 'Overtaken: the world got there first. Cancelled: a newer plan no longer wanted it, or a person did not.',
      unit: 'short',
      width: 12,
      bars: true,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(perInterval(M.steps, { kind: 'move' }), 'outcome'), legend: '{{outcome}}' }],
    }),
    table({
      title: 'Not done, by reason',
      about:
        'Steps that ended otherwise than done in the time shown, and why. Names and numbers are left out of reasons.',
      unit: 'short',
      width: 12,
      columns: { kind: 'Step', outcome: 'Outcome', reason: 'Reason' },
      valueHeading: 'Steps',
      queries: [{ expr: `${sum(total(M.stepsNotDone), 'kind', 'outcome', 'reason')} > 0`, legend: '{{reason}}' }],
    }),
    graph({
      title: 'Duration',
      about:
        'How long migrations took that were done, in datacenter time. Points are single ones, with their decision.',
      unit: 's',
      width: 12,
      least: 0,
      queries: [
        { expr: quantile(0.5, M.migrationDuration), legend: 'median', exemplars: true },
        { expr: quantile(0.95, M.migrationDuration), legend: '95 %' },
      ],
    }),
    graph({
      title: 'Blackout',
      about: 'How long guests stood still at the end of their migration.',
      unit: 's',
      width: 12,
      least: 0,
      thresholds: [[1, 'red']],
      queries: [
        { expr: quantile(0.5, M.migrationBlackout), legend: 'median', exemplars: true },
        { expr: quantile(0.99, M.migrationBlackout), legend: '99 %' },
      ],
    }),
    graph({
      title: 'Copied',
      about: 'Bytes that migrations copied, by how they ended: what failed was copied for nothing.',
      unit: 'Bps',
      width: 12,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(rate(M.migrationBytes), 'outcome'), legend: '{{outcome}}' }],
    }),
    graph({
      title: 'Limits',
      about:
        'How much is under way of what each limit allows, where it is most. Limits that are not set are not shown.',
      unit: 'percentunit',
      width: 12,
      least: 0,
      queries: [{ expr: `max by (limit) (${of(M.limitUsed)} / (${of(M.limit)} > 0))`, legend: '{{limit}}' }],
    }),
  ],
};

/** Both sides come from migrations that were done, so they can be compared. */
const AS_PREDICTED: Section = {
  title: 'As predicted?',
  panels: [
    stat({
      title: 'Time',
      about:
        'How long the migrations in the time shown took, as a part of what had been predicted; 100 % is as predicted.',
      unit: 'percentunit',
      width: 4,
      decimals: 0,
      thresholds: [
        [1.25, 'yellow'],
        [2, 'red'],
      ],
      queries: [
        { expr: `${sum(totalOf(M.migrationDuration, 'sum'))} / ${sum(total(M.migrationPredicted))}`, legend: 'time' },
      ],
    }),
    stat({
      title: 'Bytes',
      about: 'How much they copied, as a part of what had been predicted.',
      unit: 'percentunit',
      width: 4,
      decimals: 0,
      thresholds: [
        [1.25, 'yellow'],
        [2, 'red'],
      ],
      queries: [
        {
          expr: `${sum(total(M.migrationBytes, { outcome: 'done' }))} / ${sum(total(M.migrationPredictedBytes))}`,
          legend: 'bytes',
        },
      ],
    }),
    stat({
      title: 'Blackout',
      about: 'How long guests stood still, as a part of what had been predicted.',
      unit: 'percentunit',
      width: 4,
      decimals: 0,
      thresholds: [
        [1.25, 'yellow'],
        [2, 'red'],
      ],
      queries: [
        {
          expr: `${sum(totalOf(M.migrationBlackout, 'sum'))} / ${sum(total(M.migrationPredictedBlackout))}`,
          legend: 'blackout',
        },
      ],
    }),
    graph({
      title: 'Duration as a part of the prediction',
      about:
        'Of single migrations: the middle one, and those that ran away. Points are single ones, with their decision.',
      unit: 'percentunit',
      width: 12,
      least: 0,
      queries: [
        { expr: quantile(0.5, M.migrationError), legend: 'median', exemplars: true },
        { expr: quantile(0.95, M.migrationError), legend: '95 %' },
      ],
    }),
  ],
};

export const MIGRATIONS: Board = {
  id: 'migrations',
  title: 'Migrations',
  about: 'What is under way and why the rest waits, how migrations went, and whether they went as predicted.',
  sections: [NOW, HOW_THEY_WENT, AS_PREDICTED],
};
