import { CATALOGUE as M } from '../../../src/telemetry/catalogue.ts';
import type { Board, Section } from '../dashboard.ts';
import { bars, graph, stat } from '../panel.ts';
import { foreign, of, perInterval, quantile, sum, total } from '../query.ts';

const JOULES_PER_KWH = 3_600_000;

const SAVED = `(${sum(total(M.energySaved))} - ${sum(total(M.energySwitching))})`;
const DRAWN = sum(total(M.energy));
const PRICE = of(M.energyPrice);

const WHAT_IT_BRINGS: Section = {
  title: 'What it brings, in the time shown',
  panels: [
    stat({
      title: 'Drawn',
      about: 'Energy that all hosts drew.',
      unit: 'kwatth',
      width: 4,
      decimals: 1,
      queries: [{ expr: `${DRAWN} / ${JOULES_PER_KWH}`, legend: 'drawn' }],
    }),
    stat({
      title: 'Saved',
      about:
        'Energy not drawn because hosts were off instead of idle, less what it took to boot them and to shut them down.',
      unit: 'kwatth',
      width: 4,
      decimals: 1,
      queries: [{ expr: `${SAVED} / ${JOULES_PER_KWH}`, legend: 'saved' }],
    }),
    stat({
      title: 'Saved, of what all hosts on would draw',
      about: 'The saving as a part of what had been drawn with everything on.',
      unit: 'percentunit',
      width: 4,
      decimals: 1,
      queries: [{ expr: `${SAVED} / (${SAVED} + ${DRAWN})`, legend: 'share' }],
    }),
    stat({
      title: 'Money saved',
      about: 'The saving at the price of the configuration, with what the building draws on top (PUE).',
      unit: 'short',
      width: 4,
      decimals: 2,
      queries: [
        {
          expr: [
            `sum by (currency) ((increase(${of(M.energySaved)}[$__range])`,
            `- increase(${of(M.energySwitching)}[$__range]))`,
            `* on (instance) group_right () ${PRICE})`,
          ].join(' '),
          legend: '{{currency}}',
        },
      ],
    }),
    stat({
      title: 'CO₂ saved',
      about:
        'The saving at the kilograms per kilowatt-hour that are set above. What the building draws on top is not in it.',
      unit: 'masskg',
      width: 4,
      decimals: 1,
      queries: [{ expr: `${SAVED} / ${JOULES_PER_KWH} * $co2`, legend: 'CO₂' }],
    }),
    stat({
      title: 'Spent on switching',
      about: 'Energy drawn beyond idling while hosts booted or shut down: the price of saving.',
      unit: 'kwatth',
      width: 4,
      decimals: 2,
      queries: [{ expr: `${sum(total(M.energySwitching))} / ${JOULES_PER_KWH}`, legend: 'switching' }],
    }),
  ],
};

const POWER_DRAWN: Section = {
  title: 'Power',
  panels: [
    graph({
      title: 'Power',
      about:
        'What all hosts draw, and what they should draw by their power models. A gap that stays means a wrong model.',
      unit: 'watt',
      width: 12,
      least: 0,
      queries: [
        { expr: sum(of(M.watts)), legend: 'drawn' },
        { expr: sum(of(M.expectedWatts)), legend: 'expected' },
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
    stat({
      title: 'Hosts with unexpected power',
      about: 'Hosts that are steadily on or off and draw clearly more or less than their models say.',
      unit: 'short',
      width: 4,
      thresholds: [[1, 'yellow']],
      queries: [{ expr: sum(of(M.hostsUnexpectedWatts)), legend: 'hosts' }],
    }),
    stat({
      title: 'Hosts measured',
      about: 'Of how many hosts the power is measured; that of the others is reckoned from their models.',
      unit: 'percentunit',
      width: 4,
      decimals: 0,
      queries: [{ expr: `${sum(of(M.hostsMetered))} / ${sum(of(M.hosts))}`, legend: 'measured' }],
    }),
    stat({
      title: 'Switching allowed',
      about: 'Whether hosts may be switched on and off at all.',
      unit: 'short',
      width: 4,
      words: { '0': 'no', '1': 'yes' },
      queries: [{ expr: `min(${of(M.powerSwitching)})`, legend: 'switching' }],
    }),
    bars({
      title: 'Hosts that draw most',
      about:
        'The ten hosts that draw most now. Needs series of single hosts, which are on unless the configuration says no.',
      unit: 'watt',
      width: 12,
      queries: [{ expr: `topk(10, ${foreign('drover_host_power_watts')})`, legend: '{{host}}' }],
    }),
  ],
};

const TRUST: Section = {
  title: 'Can it be trusted?',
  panels: [
    stat({
      title: 'Suspect hosts',
      about: 'Hosts that did not come on or go off when they were told to.',
      unit: 'short',
      width: 4,
      thresholds: [[1, 'red']],
      queries: [{ expr: sum(of(M.hostsSuspect)), legend: 'suspect' }],
    }),
    stat({
      title: 'Reserve',
      about:
        'How many hosts could fail at once, less how many spare hosts the profile asks for. Below zero it is broken.',
      unit: 'short',
      width: 4,
      thresholds: [
        [-1000, 'red'],
        [0, 'green'],
      ],
      queries: [
        { expr: `min(min by (instance) (${of(M.failover)}) - on (instance) ${of(M.failoverWanted)})`, legend: 'hosts' },
      ],
    }),
    stat({
      title: 'In maintenance',
      about: 'Hosts that are marked for maintenance: nothing is put on them.',
      unit: 'short',
      width: 4,
      queries: [{ expr: sum(of(M.hostsInMaintenance)), legend: 'hosts' }],
    }),
    graph({
      title: 'Time to wake and to sleep',
      about:
        'From the command until a host was on, or off, in datacenter time. Points are single ones, with their decision.',
      unit: 's',
      width: 12,
      least: 0,
      queries: [
        { expr: quantile(0.5, M.switchDuration, ['to']), legend: '{{to}}, median', exemplars: true },
        { expr: quantile(0.95, M.switchDuration, ['to']), legend: '{{to}}, 95 %' },
      ],
    }),
    graph({
      title: 'Switches, by outcome',
      about: 'Power switches that ended.',
      unit: 'short',
      width: 12,
      bars: true,
      stacked: true,
      least: 0,
      queries: [
        {
          expr: sum(perInterval(M.steps, { kind: { match: 'power.*' } }), 'kind', 'outcome'),
          legend: '{{kind}}: {{outcome}}',
        },
      ],
    }),
    graph({
      title: 'Hosts that may fail',
      about: 'How many hosts could fail at once, the largest first, while those left could still carry the load.',
      unit: 'short',
      width: 12,
      least: 0,
      queries: [
        { expr: `min by (resource) (${of(M.failover)})`, legend: '{{resource}}' },
        { expr: `max(${of(M.failoverWanted)})`, legend: 'wanted' },
      ],
    }),
  ],
};

export const POWER: Board = {
  id: 'power',
  title: 'Power and energy',
  about:
    'What hosts draw, what switching them off saves in energy, money and CO₂, and whether switching can be trusted.',
  settings: [
    {
      name: 'co2',
      label: 'kg CO₂ per kWh',
      about: 'How much CO₂ a kilowatt-hour of the local grid stands for.',
      value: '0.35',
    },
  ],
  sections: [WHAT_IT_BRINGS, POWER_DRAWN, TRUST],
};
