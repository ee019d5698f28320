import { ask } from './api.js';
import { byId, follow, make, write } from './dom.js';
import { span } from './words.js';

const MOST_STEPS = 100;

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
  steps.addEventListener('toggle', () => showSteps(id, steps), { once: true });
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

async function showSteps(id, details) {
  const plan = await ask(`plans/${encodeURIComponent(id)}`);
  const list = details.querySelector('ol');
  for (const step of plan.steps.slice(0, MOST_STEPS)) {
    list.append(
      make('li', '', `${step.words}, from ${span(step.startsAtMs - plan.atMs)} to ${span(step.endsAtMs - plan.atMs)}`),
    );
  }
  if (plan.steps.length > MOST_STEPS) list.append(make('li', 'quiet', `and ${plan.steps.length - MOST_STEPS} more`));
  for (const { because } of plan.impossible) list.append(make('li', 'quiet', `impossible: ${because}`));
}
