import { CATALOGUE as M } from '../../../src/telemetry/catalogue.ts';
import type { Board, Section } from '../dashboard.ts';
import { bars, graph, stat, table } from '../panel.ts';
import { of, perInterval, rate, rateOf, sum, total } from '../query.ts';

const AT_WORK: Section = {
  title: 'At work',
  panels: [
    table({
      title: 'Policies',
      about:
        'The policies that are loaded, each with the version of its file. Decisions carry the version they came from.',
      unit: 'short',
      width: 12,
      columns: { policy: 'Policy', version: 'Version', instance: 'Drover' },
      valueHeading: 'Loaded',
      queries: [{ expr: of(M.policyInfo), legend: '{{policy}}' }],
    }),
    stat({
      title: 'In trouble',
      about: 'Policies whose newest version or last run could not be used. GET /api/v1/policies says why.',
      unit: 'short',
      width: 6,
      height: 8,
      thresholds: [[1, 'red']],
      queries: [{ expr: sum(of(M.policyTrouble)), legend: 'policies' }],
    }),
    stat({
      title: 'Cycles without one of them',
      about: 'Cycles in the time shown in which a policy failed and was skipped.',
      unit: 'short',
      width: 6,
      height: 8,
      decimals: 0,
      thresholds: [[1, 'yellow']],
      queries: [{ expr: `${sum(total(M.policyErrors))} or vector(0)`, legend: 'cycles' }],
    }),
  ],
};

const WHAT_THEY_DO: Section = {
  title: 'What they do',
  panels: [
    graph({
      title: 'Accepted, by policy',
      about: 'Proposals of each policy that were accepted.',
      unit: 'short',
      width: 12,
      bars: true,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(perInterval(M.decisions, { verdict: 'accepted' }), 'policy'), legend: '{{policy}}' }],
    }),
    graph({
      title: 'Refused, by policy',
      about: 'Proposals of each policy that a rule refused. A policy that is mostly refused does not know the rules.',
      unit: 'short',
      width: 12,
      bars: true,
      stacked: true,
      least: 0,
      queries: [{ expr: sum(perInterval(M.decisions, { verdict: 'refused' }), 'policy'), legend: '{{policy}}' }],
    }),
    bars({
      title: 'What they find costly now',
      about: 'Running cost of the present situation by term: what each policy complains about, in money per hour.',
      unit: 'short',
      width: 12,
      queries: [{ expr: sum(of(M.cost, { moment: 'before' }), 'term'), legend: '{{term}}' }],
    }),
    table({
      title: 'Refused, by policy and rule',
      about: 'Proposals that were refused in the time shown.',
      unit: 'short',
      width: 12,
      columns: { policy: 'Policy', rule: 'Rule' },
      valueHeading: 'Refused',
      queries: [{ expr: `${sum(total(M.refusals), 'policy', 'rule')} > 0`, legend: '{{policy}}' }],
    }),
  ],
};

const WHAT_THEY_TAKE: Section = {
  title: 'What they take',
  panels: [
    graph({
      title: 'Time per cycle',
      about:
        'Real time spent in the code of each policy per cycle; that of its costs is estimated from a sample of the calls.',
      unit: 's',
      width: 12,
      stacked: true,
      least: 0,
      queries: [
        {
          expr: `${sum(rate(M.policySeconds), 'policy')} / on () group_left () ${sum(rate(M.cycles))}`,
          legend: '{{policy}}',
        },
      ],
    }),
    graph({
      title: 'Part of the time for deciding',
      about: 'The code of all policies as a part of the stage decide; the rest is search, rules and checks.',
      unit: 'percentunit',
      width: 12,
      least: 0,
      most: 1,
      queries: [
        {
          expr: `${sum(rate(M.policySeconds))} / ${sum(rateOf(M.cycleDuration, 'sum', { stage: 'decide' }))}`,
          legend: 'policies',
        },
      ],
    }),
    graph({
      title: 'Failures',
      about: 'Cycles in which a policy failed and was skipped.',
      unit: 'short',
      width: 12,
      bars: true,
      least: 0,
      queries: [{ expr: sum(perInterval(M.policyErrors), 'policy'), legend: '{{policy}}' }],
    }),
  ],
};

export const POLICIES: Board = {
  id: 'policies',
  title: 'Policies',
  about: 'Which policies are at work in which version, what they bring about, and what they take.',
  sections: [AT_WORK, WHAT_THEY_DO, WHAT_THEY_TAKE],
};
