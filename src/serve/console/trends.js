/** Three small charts, each on a scale of its own: hosts on, CPU load, watts. */
import { byId, make, setAttribute, write } from './dom.js';
import { percent, timeOfDay, watts } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const MOST_POINTS = 600;
const WIDTH = 300;
const HEIGHT = 64;

const TRENDS = [
  { name: 'Hosts on', read: (point) => point.hostsOn, show: String },
  { name: 'CPU load', read: (point) => point.cpuShare, show: percent },
  { name: 'Power', read: (point) => point.watts, show: watts },
];

let points = [];

export function prepareTrends() {
  for (const { name } of TRENDS) {
    const figure = make('figure', 'trend');
    const caption = make('figcaption');
    caption.append(make('span', 'quiet', name), make('b'), make('small', 'quiet'));
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('role', 'img');
    for (const part of ['area', 'line']) {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', part);
      svg.append(path);
    }
    figure.append(caption, svg);
    byId('trends').append(figure);
  }
}

export function startTrends(history) {
  points = history;
  draw();
}

export function addTrendPoint(fleet) {
  if (points.at(-1)?.atMs === fleet.atMs) return;
  points.push({ atMs: fleet.atMs, hostsOn: fleet.hostsByPower.on, cpuShare: fleet.share.cpu, watts: fleet.watts });
  if (points.length > MOST_POINTS) points.shift();
  draw();
}

function draw() {
  if (points.length === 0) return;
  for (const [index, trend] of TRENDS.entries()) drawTrend(byId('trends').children[index], trend);
}

function drawTrend(figure, { name, read, show }) {
  const values = points.map(read);
  const highest = Math.max(...values);
  const lowest = Math.min(...values);
  const [caption, svg] = figure.children;
  write(caption.children[1], show(values.at(-1)));
  write(caption.children[2], `${show(lowest)} to ${show(highest)} since ${timeOfDay(points[0].atMs)}`);
  setAttribute(svg, 'aria-label', `${name}: now ${show(values.at(-1))}, between ${show(lowest)} and ${show(highest)}`);
  const line = linePath(values, highest === 0 ? 1 : highest * 1.08);
  setAttribute(svg.children[0], 'd', `${line} V${HEIGHT} H0 Z`);
  setAttribute(svg.children[1], 'd', line);
}

/** Over time from zero up, so that half the height is half the value. */
function linePath(values, top) {
  const first = points[0].atMs;
  const length = Math.max(1, points.at(-1).atMs - first);
  const places = values.map((value, i) => {
    const x = ((points[i].atMs - first) / length) * WIDTH;
    return `${x.toFixed(1)} ${(HEIGHT - (value / top) * HEIGHT).toFixed(1)}`;
  });
  return `M${places.join(' L')}`;
}
