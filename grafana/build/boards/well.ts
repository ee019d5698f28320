import { CATALOGUE as M } from '../../../src/telemetry/catalogue.ts';
import type { Board, Section } from '../dashboard.ts';
import { graph, stat, table } from '../panel.ts';
import { INSTANCE, of, perInterval, sum } from '../query.ts';

const DROVER: Section = {
  title: 'Drover',
  panels: [
    stat({
      title: 'State',
      about: 'The state that the daemon is in. Anything but running means that nobody looks after the datacenter.',
      unit: 'short',
      width: 3,
      showsName: true,
      queries: [{ expr: `${of(M.state)} == 1`, legend: '{{state}}' }],
    }),
    stat({
      title: 'Ready',
      about: 'Whether anything keeps Drover from its work. GET /readyz says what.',
      unit: 'short',
      width: 3,
      thresholds: [
        [0, 'red'],
        [1, 'green'],
      ],
      words: { '0': 'no', '1': 'yes' },
      queries: [{ expr: `min(${of(M.ready)})`, legend: 'ready' }],
    }),
    stat({
      title: 'Mode',
      about: 'How far Drover goes by itself: observe, recommend, confirm or auto.',
      unit: 'short',
      width: 3,
      showsName: true,
      queries: [{ expr: `${of(M.mode)} == 1`, legend: '{{mode}}' }],
    }),
    stat({
      title: 'Waiting for a person',
      about: 'Plans that wait to be confirmed, in mode confirm.',
      unit: 'short',
      width: 3,
      thresholds: [[1, 'yellow']],
      queries: [{ expr: sum(of(M.plansWaiting)), legend: 'plans' }],
    }),
    stat({
      title: 'Age of the oldest datum',
      about: 'How old the oldest measurement is that decisions rest on, in datacenter time.',
      unit: 's',
      width: 4,
      line: true,
      thresholds: [
        [300, 'yellow'],
        [900, 'red'],
      ],
      queries: [{ expr: `max(${of(M.oldestAge)})`, legend: 'age' }],
    }),
    stat({
      title: 'Data not trusted',
      about: 'Hosts and VMs whose data is stale, missing or implausible. Nothing is decided about them.',
      unit: 'short',
      width: 4,
      line: true,
      thresholds: [
        [1, 'yellow'],
        [10, 'red'],
      ],
      queries: [{ expr: `${sum(of(M.unknown))} or vector(0)`, legend: 'unknown' }],
    }),
    stat({
      title: 'Journal',
      about: 'Whether the write-ahead journal can be written. While it cannot, nothing is started.',
      unit: 'short',
      width: 4,
      thresholds: [
        [0, 'red'],
        [1, 'green'],
      ],
      words: { '0': 'cannot be written', '1': 'written' },
      queries: [{ expr: `min(${of(M.journalWritable)})`, legend: 'journal' }],
    }),
  ],
};

const DATACENTER: Section = {
  title: 'The datacenter',
  panels: [
    stat({
      title: 'Hosts on',
      about: 'Hosts that are on and can carry VMs.',
      unit: 'short',
      width: 4,
      line: true,
      queries: [{ expr: sum(of(M.hosts, { power: 'on' })), legend: 'on' }],
    }),
    stat({
      title: 'Suspect hosts',
      about:
        'Hosts that did not come on or go off when they were told to. They are left alone until a person clears them.',
      unit: 'short',
      width: 3,
      thresholds: [[1, 'red']],
      queries: [{ expr: sum(of(M.hostsSuspect)), legend: 'suspect' }],
    }),
    stat({
      title: 'To look at',
      about:
        'What Drover cannot mend and a person has to look at: guests that are paused or run twice, hosts that are not what they should be. `drover status` lists it with what to do.',
      unit: 'short',
      width: 3,
      thresholds: [[1, 'red']],
      queries: [{ expr: sum(of(M.troubles, { by: 'datacenter' })), legend: 'to look at' }],
    }),
    stat({
      title: 'Rules broken for good',
      about: 'Rules that are broken and would still be after everything that was decided.',
      unit: 'short',
      width: 3,
      thresholds: [[1, 'red']],
      queries: [{ expr: `${sum(of(M.violations, { moment: 'after' }))} or vector(0)`, legend: 'broken' }],
    }),
    stat({
      title: 'Hosts that may fail',
      about: 'How many hosts could fail at once, the largest first, while the rest could still carry the load.',
      unit: 'short',
      width: 3,
      thresholds: [
        [0, 'red'],
        [1, 'green'],
      ],
      queries: [{ expr: `min(${of(M.failover)})`, legend: 'hosts' }],
    }),
    stat({
      title: 'Running cost',
      about: 'What the present situation costs per hour, over all terms, in the currency of the configuration.',
      unit: 'short',
      width: 4,
      line: true,
      decimals: 2,
      queries: [{ expr: sum(of(M.cost, { moment: 'before' })), legend: 'per hour' }],
    }),
    stat({
      title: 'Steps under way',
      about: 'Migrations and power switches that have begun and not ended.',
      unit: 'short',
      width: 4,
      line: true,
      queries: [{ expr: sum(of(M.stepsStanding, { state: { match: '[^q].*' } })), legend: 'under way' }],
    }),
    graph({
      title: 'Load',
      about: 'What is in use of what the hosts that are on offer together, and the load of the fullest host.',
      unit: 'percentunit',
      width: 12,
      least: 0,
      thresholds: [[0.85, 'red']],
      queries: [
        { expr: `avg by (resource) (${of(M.load)})`, legend: '{{resource}}' },
        { expr: `max(${of(M.hostLoad, { resource: 'cpu', rank: 'highest' })})`, legend: 'fullest host, cpu' },
      ],
    }),
    graph({
      title: 'Hosts by power state',
      about: 'How many hosts are in each power state.',
      unit: 'short',
      width: 12,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(of(M.hosts), 'power'), legend: '{{power}}' }],
    }),
  ],
};

const TROUBLE: Section = {
  title: 'Trouble',
  panels: [
    table({
      title: 'Alerts that fire',
      about: 'Alerts of grafana/alerts that fire now; empty is good. Each has a runbook among its annotations.',
      unit: 'short',
      width: 12,
      columns: { alertname: 'Alert', severity: 'Severity', instance: 'Drover' },
      valueHeading: 'Fires',
      queries: [{ expr: `ALERTS{${INSTANCE},alertname=~"Drover.+",alertstate="firing"}`, legend: '{{alertname}}' }],
    }),
    graph({
      title: 'Data not trusted, by cause',
      about: 'Hosts and VMs whose data is not believed, by the first thing that is wrong with it.',
      unit: 'short',
      width: 12,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(of(M.unknown), 'kind', 'cause'), legend: '{{kind}}: {{cause}}' }],
    }),
    graph({
      title: 'Steps that failed, cycles that broke off',
      about: 'Steps that ended as failed, and control cycles that ended with an error.',
      unit: 'short',
      width: 12,
      bars: true,
      least: 0,
      queries: [
        { expr: sum(perInterval(M.steps, { outcome: 'failed' }), 'kind'), legend: '{{kind}} failed' },
        { expr: sum(perInterval(M.cycleFailures)), legend: 'cycle broke off' },
      ],
    }),
    graph({
      title: 'Rules that are broken',
      about: 'Rules broken as things stand, and those that nothing repairs.',
      unit: 'short',
      width: 12,
      least: 0,
      queries: [
        { expr: sum(of(M.violations, { moment: 'before' }), 'rule'), legend: '{{rule}}' },
        { expr: sum(of(M.violations, { moment: 'after' }), 'rule'), legend: '{{rule}}, not repaired' },
      ],
    }),
  ],
};

export const WELL: Board = {
  id: 'well',
  title: 'Is it well?',
  about: 'Whether Drover does its work, how the datacenter is, and what is wrong.',
  sections: [DROVER, DATACENTER, TROUBLE],
};
