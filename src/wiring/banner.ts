import type { Settings } from '../config/settings.ts';
import { HOUR } from '../domain/units.ts';
import { spanWords } from '../domain/words.ts';
import { VERSION } from './version.ts';

/** What a person at the terminal reads first: what runs, and where to look. */
export function banner({ driver, mode }: Settings, url: string): string {
  const at = url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0):/, '//localhost:');
  return [
    '',
    `Drover ${VERSION} keeps the embedded datacenter (${driver.hosts} hosts, ${driver.vms} VMs) in shape.`,
    ...MODE_LINES[mode],
    `Watch it:  ${at}      metrics: ${at}metrics`,
    `An hour passes there in ${spanWords(HOUR / driver.speed)}. Ctrl-C stops it cleanly.`,
    '\n',
  ].join('\n');
}

const MODE_LINES: Readonly<Record<Settings['mode'], readonly string[]>> = {
  observe: ['Mode observe: it only watches.'],
  recommend: ['Mode recommend: it shows what it would do, and does nothing.'],
  confirm: ['Mode confirm: each plan waits for a person.'],
  auto: [],
};
