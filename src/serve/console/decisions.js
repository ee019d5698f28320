import { byId, follow, make, setClass, write } from './dom.js';
import { timeOfDay } from './words.js';

const MOST_SHOWN = 40;

/** The same decision cycle after cycle is one row that says how often. */
export function showDecisions({ items }) {
  const rows = new Map();
  for (const decision of items) {
    const key = `${decision.accepted} ${decision.changes.map((change) => JSON.stringify(change)).join()} ${decision.changes.length === 0 ? decision.because : ''}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { key, decision, times: 1 });
    else row.times += 1;
  }
  const list = byId('decisions');
  follow(list, [...rows.values()].slice(0, MOST_SHOWN), (row) => row.key, makeRow, updateRow);
  if (rows.size === 0) list.append(make('li', 'quiet', 'None yet: no change would pay back.'));
}

function makeRow() {
  const row = make('li');
  const words = make('p');
  words.append(make('span', 'sign'), make('span', 'words'));
  row.append(words, make('p', 'because quiet'));
  return row;
}

function updateRow(row, { decision, times }) {
  const [words, because] = row.children;
  setClass(row, `decision ${decision.accepted ? 'accepted' : 'refused'}`);
  write(words.children[0], decision.accepted ? '✓ ' : '✕ ');
  write(words.children[1], decision.words);
  const often = times > 1 ? `, ${times} times` : '';
  const why = decision.changes.length === 0 ? '' : `: ${decision.because}`;
  write(because, `${timeOfDay(decision.atMs)}${often} · ${decision.phase} by ${decision.policy}${why}`);
}
