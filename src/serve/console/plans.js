import { ask } from './api.js';
import { byId, follow, make, write } from './dom.js';
import { span } from './words.js';

const MOST_DECISIONS = 100;

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
  steps.append(make('summary', '', 'what it does, and why'), make('ol', 'plain'));
  steps.addEventListener('toggle', () => showDecisions(id, steps, judge), { once: true });
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

/** By decision, each of which can be confirmed alone: what it is worth, why, and its steps. */
async function showDecisions(id, details, judge) {
  const plan = await ask(`plans/${encodeURIComponent(id)}`);
  const list = details.querySelector('ol');
  const known = new Map(plan.decisions.map((decision) => [decision.id, decision]));
  const parts = [...Map.groupBy(plan.steps, (step) => step.decision)];
  for (const [decision, steps] of parts.slice(0, MOST_DECISIONS)) {
    const item = make('li', 'decision');
    item.append(makeReason(known.get(decision), steps), makeTimes(plan, steps));
    if (parts.length > 1) item.append(button('Only this', '', () => judge(id, 'confirm', [decision])));
    list.append(item);
  }
  if (parts.length > MOST_DECISIONS) list.append(make('li', 'quiet', `and ${parts.length - MOST_DECISIONS} more`));
  for (const { because } of plan.impossible) list.append(make('li', 'quiet', `impossible: ${because}`));
}

/** What was decided so long ago that it is forgotten is told by its steps. */
function makeReason(decision, steps) {
  return make('p', '', decision?.words ?? steps.map((step) => step.words).join(', '));
}

function makeTimes(plan, steps) {
  const from = Math.min(...steps.map((step) => step.startsAtMs));
  const until = Math.max(...steps.map((step) => step.endsAtMs));
  const because = plan.decisions.find(({ id }) => id === steps[0].decision)?.because;
  const times = `from ${span(from - plan.atMs)} to ${span(until - plan.atMs)}`;
  return make('p', 'because quiet', because === undefined ? times : `${times} · ${because}`);
}
