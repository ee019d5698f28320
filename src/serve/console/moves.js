import { byId, follow, make, setAttribute, setClass, write } from './dom.js';
import { tileOf } from './hosts.js';
import { percent, span } from './words.js';

const ENDED = new Set(['done', 'overtaken', 'failed', 'cancelled']);
const MOST_ROWS = 40;
const MOST_ENDED = 6;
const SVG = 'http://www.w3.org/2000/svg';
let lit = [];

/** Steps that run first, then those that wait, then the last few that ended. */
export function showMoves({ items, total }) {
  const running = items.filter((step) => step.startedAtMs !== null && !ENDED.has(step.state));
  const queued = items.filter((step) => step.state === 'queued');
  const ended = items.filter((step) => ENDED.has(step.state)).slice(0, MOST_ENDED);
  write(byId('moves-note'), noteWords(running.length, queued.length, total > items.length));
  const rows = [...running, ...queued].slice(0, MOST_ROWS);
  follow(byId('moves'), [...rows, ...ended], (step) => step.step.id, makeRow, updateRow);
  drawLines(running);
}

function noteWords(running, queued, isCut) {
  if (running + queued === 0) return 'nothing at the moment';
  return `${running} running, ${queued} waiting${isCut ? ' (of the newest)' : ''}`;
}

function makeRow({ step }) {
  const row = make('li', 'move');
  const title = make('p');
  title.append(make('b'), make('span', 'quiet'));
  const progress = make('progress');
  progress.max = 1;
  row.append(title, progress, make('p', 'because quiet'));
  row.addEventListener('mouseenter', () => light(hostsOf(step.change)));
  row.addEventListener('mouseleave', () => light([]));
  return row;
}

function updateRow(row, step) {
  const [title, progress, because] = row.children;
  setClass(row, `move ${ENDED.has(step.state) ? `ended ${step.state}` : step.state}`);
  write(title.children[0], step.words);
  write(title.children[1], stateWords(step));
  progress.hidden = ENDED.has(step.state) || step.share === null;
  if (step.share !== null) progress.value = step.share;
  setAttribute(progress, 'aria-label', `${step.words}: ${step.share === null ? 'waiting' : percent(step.share)}`);
  write(because, step.because);
  because.hidden = step.because === '';
}

function stateWords({ state, share, remainingMs }) {
  if (ENDED.has(state) || share === null) return ` ${state === 'queued' ? 'waiting' : state}`;
  return ` ${state} ${percent(share)}${remainingMs > 0 ? `, ${span(remainingMs)} left` : ''}`;
}

const hostsOf = (change) => (change.kind === 'move' ? [change.from, change.to] : [change.host]);

function light(hosts) {
  for (const tile of lit) tile.classList.remove('lit');
  lit = hosts.map(tileOf).filter((tile) => tile !== null);
  for (const tile of lit) tile.classList.add('lit');
}

/** A line from source to target for each migration that is running, over the tiles. */
function drawLines(running) {
  const racks = byId('racks');
  const overlay = racks.parentElement.querySelector('svg.lines') ?? makeOverlay(racks.parentElement);
  const frame = racks.parentElement.getBoundingClientRect();
  setAttribute(overlay, 'viewBox', `0 0 ${Math.round(frame.width)} ${Math.round(frame.height)}`);
  const paths = running.slice(0, MOST_ROWS).flatMap(({ step }) => {
    if (step.change.kind !== 'move') return [];
    const [from, to] = hostsOf(step.change).map(tileOf);
    return from === null || to === null ? [] : [{ id: step.id, d: curve(corner(from, frame), corner(to, frame)) }];
  });
  follow(
    overlay,
    paths,
    (path) => path.id,
    () => document.createElementNS(SVG, 'path'),
    (element, path) => {
      setAttribute(element, 'd', path.d);
    },
  );
}

function makeOverlay(parent) {
  const overlay = document.createElementNS(SVG, 'svg');
  overlay.setAttribute('class', 'lines');
  overlay.setAttribute('aria-hidden', 'true');
  parent.append(overlay);
  return overlay;
}

/** Where the tile shows its arrows. */
function corner(tile, frame) {
  const box = tile.getBoundingClientRect();
  const x = box.right - frame.left - Math.min(16, box.width / 2);
  const y = box.top - frame.top + Math.min(14, box.height / 2);
  return { x: Math.round(x), y: Math.round(y) };
}

function curve(from, to) {
  const bend = Math.round(Math.hypot(to.x - from.x, to.y - from.y) / 5);
  const x = Math.round((from.x + to.x) / 2);
  const y = Math.round((from.y + to.y) / 2) - bend;
  return `M${from.x} ${from.y} Q${x} ${y} ${to.x} ${to.y}`;
}
