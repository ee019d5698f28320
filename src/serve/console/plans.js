import { ask } from './api.js';
import { byId, follow, make, write } from './dom.js';
import { span } from './words.js';

const MOST_STEPS = 100;

function onlyWords({ steps }, decision) {
  const count = steps.filter((step) => step.decision === decision).length;
  return count === 1 ? 'Only this' : `Only this and ${count - 1} more of its decision`;
}

export function showPlans(plans, judge) {
  const waiting = plans.filter((plan) => plan.state === 'waiting for confirmation');
  byId('waiting').hidden = waiting.length === 0;
  follow(
    byId('plans'),
    waiting,
    (plan) => plan.id,
    (plan) => makeCard(plan, judge),
    (card, plan) => {
      write(card.querySelector('b'), plan.words);
    },
  );
}

function makeCard({ id }, judge) {
  const card = make('li', 'plan');
  const steps = make('details');
  steps.append(make('summary', '', 'its steps'), make('ol'));
  steps.addEventListener('toggle', () => showSteps(id, steps, judge), { once: true });
  card.append(
    make('b'),
    button('Confirm', 'primary', () => judge(id, 'confirm')),
  );
  card.append(
    button('Reject', '', () => judge(id, 'reject')),
    steps,
  );
  return card;
}

function button(words, className, press) {
  const element = make('button', className, words);
  element.type = 'button';
  element.addEventListener('click', press);
  return element;
}

/** Each decision can be confirmed alone, at its first step. */
async function showSteps(id, details, judge) {
  const plan = await ask(`plans/${encodeURIComponent(id)}`);
  const list = details.querySelector('ol');
  const known = new Set();
  for (const step of plan.steps.slice(0, MOST_STEPS)) {
    const { words, decision, startsAtMs, endsAtMs } = step;
    const item = make('li', '', `${words}, from ${span(startsAtMs - plan.atMs)} to ${span(endsAtMs - plan.atMs)} `);
    if (!known.has(decision))
      item.append(button(onlyWords(plan, decision), 'small', () => judge(id, 'confirm', [decision])));
    known.add(decision);
    list.append(item);
  }
  if (plan.steps.length > MOST_STEPS) list.append(make('li', 'quiet', `and ${plan.steps.length - MOST_STEPS} more`));
  for (const { because } of plan.impossible) list.append(make('li', 'quiet', `impossible: ${because}`));
}
