import { CATALOGUE as M } from '../../../src/telemetry/catalogue.ts';
import type { Board, Section } from '../dashboard.ts';
import { graph, stat, table, words } from '../panel.ts';
import { of, perInterval, sum, total } from '../query.ts';

const WHAT: Section = {
  title: 'What it did decide',
  panels: [
    stat({
      title: 'Migrations decided',
      about: 'Migrations that the newest cycle decided. Until they are carried out, the next cycles decide them again.',
      unit: 'short',
      width: 4,
      line: true,
      queries: [{ expr: sum(of(M.changes, { kind: 'move' })), legend: 'migrations' }],
    }),
    stat({
      title: 'Hosts to switch on',
      about: 'Hosts that the newest cycle decided to switch on.',
      unit: 'short',
      width: 4,
      line: true,
      queries: [{ expr: sum(of(M.changes, { kind: 'power on' })), legend: 'on' }],
    }),
    stat({
      title: 'Hosts to switch off',
      about: 'Hosts that the newest cycle decided to switch off.',
      unit: 'short',
      width: 4,
      line: true,
      queries: [{ expr: sum(of(M.changes, { kind: 'power off' })), legend: 'off' }],
    }),
    stat({
      title: 'Predicted saving',
      about: 'How much less the situation will cost per hour once the last decisions are carried out.',
      unit: 'short',
      width: 4,
      line: true,
      decimals: 3,
      queries: [{ expr: sum(of(M.saving)), legend: 'per hour' }],
    }),
    stat({
      title: 'Paid for changes',
      about:
        'One-off costs of all decisions that were accepted in the time shown, in the currency of the configuration.',
      unit: 'short',
      width: 4,
      decimals: 3,
      queries: [{ expr: sum(total(M.onceCost)), legend: 'once' }],
    }),
    stat({
      title: 'Impossible',
      about: 'Decided changes for which no order could be found in the time shown. GET /api/v1/plans says why.',
      unit: 'short',
      width: 4,
      decimals: 0,
      thresholds: [[1, 'yellow']],
      queries: [{ expr: sum(total(M.impossible)), legend: 'impossible' }],
    }),
    graph({
      title: 'Accepted, by policy',
      about: 'Proposals that were accepted; core is what rules asked for.',
      unit: 'short',
      width: 12,
      bars: true,
      stacked: true,
      least: 0,
      queries: [
        {
          expr: sum(perInterval(M.decisions, { verdict: 'accepted' }), 'phase', 'policy'),
          legend: '{{phase}}: {{policy}}',
        },
      ],
    }),
    graph({
      title: 'Moves undone',
      about:
        'Migrations that brought a VM back to where it had come from not long before. Any that stay show oscillation.',
      unit: 'short',
      width: 12,
      bars: true,
      least: 0,
      queries: [{ expr: sum(perInterval(M.undone)), legend: 'undone' }],
    }),
  ],
};

const WHY: Section = {
  title: 'And why?',
  panels: [
    graph({
      title: 'What the situation costs, by term',
      about:
        'The running cost as things stand. What is decided lowers the sum; terms that go up pay for others that go down.',
      unit: 'short',
      width: 12,
      stacked: true,
      queries: [{ expr: sum(of(M.cost, { moment: 'before' }), 'term'), legend: '{{term}}' }],
    }),
    graph({
      title: 'What the last decisions change, by term',
      about: 'Below zero: this term will cost less per hour once the last decisions are carried out.',
      unit: 'short',
      width: 12,
      queries: [
        {
          expr: `${sum(of(M.cost, { moment: 'after' }), 'term')} - ${sum(of(M.cost, { moment: 'before' }), 'term')}`,
          legend: '{{term}}',
        },
      ],
    }),
    graph({
      title: 'Load of hosts, CPU',
      about: 'The least and the most loaded host that is on, and those between: what balancing is about.',
      unit: 'percentunit',
      width: 12,
      least: 0,
      queries: [{ expr: `avg by (rank) (${of(M.hostLoad, { resource: 'cpu' })})`, legend: '{{rank}}' }],
    }),
    graph({
      title: 'Load of hosts, memory',
      about: 'The same for memory.',
      unit: 'percentunit',
      width: 12,
      least: 0,
      queries: [{ expr: `avg by (rank) (${of(M.hostLoad, { resource: 'memory' })})`, legend: '{{rank}}' }],
    }),
    graph({
      title: 'Hosts by CPU load',
      about: 'How many of the hosts that are on have which load; each tenth is named by where it ends.',
      unit: 'short',
      width: 12,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(of(M.hostsByLoad, { resource: 'cpu' }), 'band'), legend: 'up to {{band}}' }],
    }),
    graph({
      title: 'Search cut short',
      about: 'Times that a limit ended the search before it was done. Better changes may have been left unfound.',
      unit: 'short',
      width: 12,
      bars: true,
      least: 0,
      queries: [{ expr: sum(perInterval(M.limitsHit)), legend: 'limits' }],
    }),
  ],
};

const WHY_NOT: Section = {
  title: 'Why not something else?',
  panels: [
    table({
      title: 'Refused, by rule',
      about:
        'Proposals that were refused in the time shown, by the rule that refused them and the policy that made them.',
      unit: 'short',
      width: 12,
      columns: { rule: 'Rule', policy: 'Policy' },
      valueHeading: 'Refused',
      queries: [{ expr: `${sum(total(M.refusals), 'rule', 'policy')} > 0`, legend: '{{rule}}' }],
    }),
    words(
      'Follow one decision',
      'How to get from a figure to the decision behind it.',
      [
        'Each decision has an id that goes with it from the data to the outcome:',
        '',
        '* log lines carry it as `decision`,',
        '* points in graphs of durations carry it too: they are single migrations or switches,',
        '* `GET /api/v1/decisions/ID` tells the age of its data, its reason, what it changes per term, its plan, its steps and',
        '  how they ended,',
        '* `drover explain` says for one VM what every host would cost, and which rule forbids it.',
      ].join('\n'),
      12,
      8,
    ),
  ],
};

export const DECISIONS: Board = {
  id: 'decisions',
  title: 'What did it decide, and why?',
  about: 'What was decided, what it was expected to be worth, and what was refused by which rule.',
  sections: [WHAT, WHY, WHY_NOT],
};
