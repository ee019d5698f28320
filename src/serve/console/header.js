import { byId, follow, make, setClass, write } from './dom.js';
import { counted, moment, money, percent, watts } from './words.js';

const MODES = ['observe', 'recommend', 'confirm', 'auto'];

export function prepareHeader(changeMode) {
  const select = byId('mode');
  for (const mode of MODES) select.append(new Option(mode, mode));
  select.addEventListener('change', () => changeMode(select.value));
}

export function showStatus(status) {
  write(byId('cluster'), status.cluster);
  write(byId('state'), status.state);
  setClass(byId('state'), `badge ${status.notReadyBecause === '' ? 'good' : 'bad'}`);
  write(byId('not-ready'), status.notReadyBecause);
  write(byId('clock'), moment(status.nowMs));
  const select = byId('mode');
  if (document.activeElement !== select) select.value = status.mode;
  write(byId('about'), `Drover ${status.version} on ${status.driver}, ${counted(status.cycles, 'cycle')} so far`);
  document.title = `${status.cluster} · Drover`;
  if (status.fleet !== null) showFigures(status, status.fleet);
}

function showFigures(status, fleet) {
  const { currency } = status.prices;
  const figures = [
    ['Cost per hour', fleet.costPerHour === null ? '–' : money(fleet.costPerHour, currency), ''],
    ['Hosts on', `${fleet.hostsByPower.on} / ${fleet.hosts}`, offWords(status, fleet)],
    ['Power', watts(fleet.watts), fleet.savedWatts > 0 ? `${watts(fleet.savedWatts)} saved` : ''],
    ['CPU in use', percent(fleet.share.cpu), `memory ${percent(fleet.share.memory)}`],
    ['VMs', String(fleet.vms), ''],
    ['Migrations', String(fleet.migrations), fleet.migrations === 0 ? 'none in flight' : 'in flight'],
  ];
  if (fleet.violations > 0) figures.push(['Rules broken', String(fleet.violations), 'being repaired']);
  follow(
    byId('figures'),
    figures,
    ([name]) => name,
    makeFigure,
    (element, figure) => {
      const [, value, note] = element.children;
      write(value, figure[1]);
      write(note, figure[2]);
    },
  );
}

function offWords(status, fleet) {
  if (!status.power) return 'power switching is off';
  const off = fleet.hostsByPower.off > 0 ? [`${fleet.hostsByPower.off} switched off`] : [];
  const why = fleet.staysOn.map(({ rule, count }) => `${count} for ${rule}`).join(', ');
  return [...off, ...(why === '' ? [] : [`on: ${why}`])].join('; ');
}

function makeFigure([name]) {
  const element = make('div');
  element.append(make('dt', 'quiet', name), make('dd', 'value'), make('dd', 'note quiet'));
  return element;
}
