import type { Settings } from '../config/settings.ts';
import { HOUR } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import { VERSION } from './version.ts';

/** What a person at the terminal reads first: what runs, and where to look. */
export function banner({ driver, mode }: Settings, url: string): string {
  const at = url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0):/, '//localhost:');
  return [
    '',
    `Drover ${VERSION} keeps ${datacenterWords(driver)} in shape.`,
    ...MODE_LINES[mode],
    `Watch it:  ${at}      metrics: ${at}metrics`,
    `${paceWords(driver)}Ctrl-C stops it cleanly.`,
    '\n',
  ].join('\n');
}

function datacenterWords(driver: Settings['driver']): string {
  if (driver.kind === 'libvirt') return `${driver.hosts.length} hosts under libvirt`;
  const { at, hosts, vms } = driver;
  return at === undefined ? `the embedded datacenter (${hosts} hosts, ${vms} VMs)` : `the datacenter at ${at}`;
}

/** Only the embedded datacenter's time is not ours. */
function paceWords(driver: Settings['driver']): string {
  if (driver.kind !== 'simulated' || driver.at !== undefined) return '';
  return `An hour passes there in ${spanWords(HOUR / driver.speed)}. `;
}

const MODE_LINES: Readonly<Record<Settings['mode'], readonly string[]>> = {
  observe: ['Mode observe: it only watches.'],
  recommend: ['Mode recommend: it shows what it would do, and does nothing.'],
  confirm: ['Mode confirm: each plan waits for a person.'],
  auto: [],
};
