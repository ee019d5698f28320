import { byId, follow, make, setAttribute, setClass, write } from './dom.js';
import { counted, percent, watts } from './words.js';

const HOT = 0.85;
const WARM = 0.65;
/** With more hosts than this, tiles shrink to bars. */
const COMPACT_FROM = 120;

const POWER = {
  on: ['●', 'on'],
  emptying: ['◐', 'emptying'],
  'shutting-down': ['▼', 'shutting down'],
  off: ['○', 'off'],
  booting: ['▲', 'booting'],
  suspect: ['!', 'suspect'],
};

export function prepareHosts() {
  for (const [power, [sign, words]] of Object.entries(POWER)) {
    const item = make('li', `power-${power}`);
    item.append(make('span', 'sign', sign), ` ${words}`);
    byId('legend').append(item);
  }
  byId('legend').append(make('li', 'hot-sign', `▮ hot: CPU or memory from ${percent(HOT)}`));
}

export function showHosts({ items, total }) {
  write(byId('fleet-note'), items.length < total ? `the first ${items.length} of ${total}` : String(total));
  byId('racks').classList.toggle('compact', items.length > COMPACT_FROM);
  follow(byId('racks'), inRacks(items), (rack) => rack.name, makeRack, updateRack);
}

export const tileOf = (hostId) => byId('racks').querySelector(`[data-key="${CSS.escape(`host ${hostId}`)}"]`);

function inRacks(hosts) {
  const racks = new Map();
  for (const host of hosts) {
    const name = `rack ${[host.site, host.rack].filter(Boolean).join(' · ')}`;
    if (!racks.has(name)) racks.set(name, { name, hosts: [] });
    racks.get(name).hosts.push(host);
  }
  return [...racks.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function makeRack() {
  const section = make('section', 'rack');
  const title = make('h3');
  title.append(make('span'), make('small', 'quiet'));
  section.append(title, make('ul', 'tiles plain'));
  return section;
}

function updateRack(section, { name, hosts }) {
  const [title, tiles] = section.children;
  const on = hosts.filter((host) => host.power === 'on').length;
  const drawn = hosts.reduce((sum, host) => sum + host.watts, 0);
  write(title.children[0], name);
  write(title.children[1], `${on} of ${hosts.length} on, ${watts(drawn)}`);
  follow(tiles, hosts, (host) => `host ${host.id}`, makeTile, updateTile);
}

function makeTile(host) {
  const tile = make('li');
  const head = make('p', 'name');
  head.append(make('span', 'sign'), make('b', '', host.id), make('span', 'flow'));
  tile.append(head, makeBar('CPU'), makeBar('MEM'), make('p', 'foot quiet'));
  return tile;
}

function makeBar(label) {
  const row = make('div', 'bar-row');
  const bar = make('span', 'bar');
  bar.append(make('i'));
  row.append(make('span', 'label', label), bar, make('span', 'number'));
  return row;
}

function updateTile(tile, host) {
  const [head, cpu, memory, foot] = tile.children;
  const [sign, words] = POWER[host.power];
  const isHot = isRunning(host) && Math.max(host.share.cpu, host.share.memory) >= HOT;
  setClass(tile, `tile power-${host.power}${isHot ? ' hot' : ''}${host.known ? '' : ' unknown'}`);
  setAttribute(tile, 'title', tileWords(host, words, isHot));
  write(head.children[0], host.maintenance ? '⚒' : sign);
  write(head.children[2], flowWords(host));
  updateBar(cpu, host.share.cpu);
  updateBar(memory, host.share.memory);
  write(foot, footWords(host, words, isHot));
}

function updateBar(row, share) {
  const [, bar, number] = row.children;
  setClass(bar, `bar ${share >= HOT ? 'level-hot' : share >= WARM ? 'level-warm' : 'level-calm'}`);
  bar.firstChild.style.width = `${Math.min(100, Math.round(share * 100))}%`;
  write(number, percent(share));
}

const isRunning = (host) => host.power === 'on' || host.power === 'emptying';

function footWords(host, words, isHot) {
  const parts = [];
  if (host.power !== 'on') parts.push(words);
  if (host.power === 'on' || host.vmCount > 0) parts.push(counted(host.vmCount, 'VM'));
  if (isHot) parts.push('hot');
  if (!host.known) parts.push('data not trusted');
  parts.push(watts(host.watts));
  return parts.join(' · ');
}

function flowWords({ arriving, departing }) {
  return [arriving > 0 ? `↓${arriving}` : '', departing > 0 ? `↑${departing}` : ''].join('');
}

function tileWords(host, words, isHot) {
  const flows = `${counted(host.arriving, 'VM')} arriving, ${host.departing} leaving`;
  const load = `CPU ${percent(host.share.cpu)}, memory ${percent(host.share.memory)}`;
  const notes = `${isHot ? ', hot' : ''}${host.maintenance ? ', in maintenance' : ''}${host.known ? '' : `, its data is not trusted${host.doubt === '' ? '' : ` (${host.doubt})`}`}`;
  const why = host.staysOn === null ? '' : `; stays on because ${host.staysOn.because}`;
  return `${host.id}: ${words}${notes}; ${load}; ${counted(host.vmCount, 'VM')}; ${flows}; ${watts(host.watts)}${why}`;
}
