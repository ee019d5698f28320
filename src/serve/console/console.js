/** The console: fetches what it shows, and fetches again what the event stream says has changed. */
import { ask, tell } from './api.js';
import { showDecisions } from './decisions.js';
import { byId, write } from './dom.js';
import { prepareHeader, showStatus } from './header.js';
import { prepareHosts, showHosts } from './hosts.js';
import { listen, paced } from './live.js';
import { showMoves } from './moves.js';
import { showPlans } from './plans.js';
import { addTrendPoint, prepareTrends, startTrends } from './trends.js';

const MOST_HOSTS = 2000;
const COMPLAINT_MS = 8000;

const refresh = {
  hosts: paced(1000, () => show(`hosts?limit=${MOST_HOSTS}`, showHosts)),
  steps: paced(500, () => show('steps?limit=300', showMoves)),
  plans: paced(500, () => show('plans', (plans) => showPlans(plans, judge))),
  decisions: paced(1000, () => show(`decisions?limit=300${wantsRefused() ? '' : '&verdict=accepted'}`, showDecisions)),
  history: paced(1000, () => show('history', startTrends)),
};

const concerned = {
  snapshot: ['hosts', 'steps'],
  verdicts: ['decisions'],
  plan: ['plans', 'steps'],
  step: ['steps'],
  lifecycle: [],
};

prepareHeader((mode) => command('PUT', 'mode', { mode }));
prepareHosts();
prepareTrends();
byId('show-refused').addEventListener('change', refresh.decisions);
listen({
  heard(kind, data) {
    if (kind === 'snapshot' || kind === 'lifecycle') hearStatus(kind, data);
    for (const part of concerned[kind]) refresh[part]();
  },
  connected() {
    byId('connection').hidden = true;
    document.body.classList.remove('stale');
    for (const part of Object.values(refresh)) part();
  },
  lost() {
    write(byId('connection'), 'The connection to the daemon is lost: what you see is old. Trying again…');
    byId('connection').hidden = false;
    document.body.classList.add('stale');
  },
});

function hearStatus(kind, status) {
  showStatus(status);
  if (kind === 'snapshot' && status.fleet !== null) addTrendPoint(status.fleet);
}

/** What cannot be fetched now stays as it is: the stream says when the connection is lost. */
async function show(path, display) {
  const value = await ask(path).catch(() => undefined);
  if (value !== undefined) display(value);
}

const wantsRefused = () => byId('show-refused').checked;

function judge(planId, verdict, only) {
  const body = only === undefined ? {} : { only };
  return command('POST', `plans/${encodeURIComponent(planId)}/${verdict}`, body);
}

async function command(method, path, body) {
  try {
    await tell(method, path, body);
  } catch (error) {
    complain(error.message);
  }
  refresh.plans();
  await show('status', showStatus);
}

function complain(sentence) {
  write(byId('complaint'), sentence);
  byId('complaint').hidden = false;
  setTimeout(() => {
    byId('complaint').hidden = true;
  }, COMPLAINT_MS);
}
