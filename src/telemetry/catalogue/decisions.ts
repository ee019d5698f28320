import { PHASES } from '../../domain/decision.ts';
import { MOMENT, POLICY, RULE, STEP_KIND } from './labels.ts';
import { counter, gauge, oneOf, open } from './metric.ts';

/** What was decided, why not something else, and the policies that had a say in it. */
export const DECISIONS = {
  decisions: counter('drover_decisions_total', 'number', 'Proposals judged.', {
    phase: oneOf(PHASES),
    policy: POLICY,
    verdict: oneOf(['accepted', 'refused']),
  }),
  refusals: counter(
    'drover_refusals_total',
    'number',
    'Proposals refused, by the rule that refused them and the policy that made them.',
    { rule: RULE, policy: POLICY },
  ),
  changes: gauge('drover_decided_changes', 'number', 'Changes that the newest cycle decided.', { kind: STEP_KIND }),
  cost: gauge('drover_cost_per_hour', 'money per hour', 'Running cost before and after the last accepted decisions.', {
    term: open(128),
    moment: MOMENT,
  }),
  saving: gauge(
    'drover_predicted_saving_per_hour',
    'money per hour',
    'How much less the situation will cost once the last accepted decisions are carried out.',
  ),
  onceCost: counter('drover_accepted_once_cost_total', 'number', 'One-off cost of all accepted decisions, in money.'),
  violations: gauge(
    'drover_rule_violations',
    'number',
    'Rules that are broken as things stand (before), and would still be after the accepted decisions (after).',
    { rule: RULE, moment: MOMENT },
  ),
  policyInfo: gauge('drover_policy_info', 'number', 'Always 1; the labels say which version of a policy is loaded.', {
    policy: POLICY,
    version: open(48),
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
  policySeconds: counter(
    'drover_policy_seconds_total',
    'seconds',
    'Real time spent in the code of a policy; that of its costs is estimated from a sample of the calls.',
    { policy: POLICY },
  ),
};
