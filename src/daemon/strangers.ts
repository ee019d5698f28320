import { didYouMean } from '../config/closest.ts';
import { namedHosts } from '../config/host-names.ts';
import { pathWords } from '../config/problem.ts';
import type { Settings } from '../config/settings.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Log } from '../ports/log.ts';

const MOST_TOLD = 10;

/** Tells, once for each, of hosts that the configuration names and the datacenter does not have. */
export class Strangers {
  readonly #log: Log;
  readonly #told = new Set<string>();
  #hosts: ReadonlyMap<string, number> | undefined;
  #settings: Settings | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  look(settings: Settings, { hosts }: Snapshot): void {
    if (hosts.index === this.#hosts && settings === this.#settings) return;
    this.#hosts = hosts.index;
    this.#settings = settings;
    const strangers = namedHosts(settings).filter(({ host }) => !hosts.index.has(host));
    for (const { host, path } of strangers.slice(0, MOST_TOLD)) {
      const where = pathWords(path);
      const key = `${where} ${host}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      const meant = didYouMean(host, hosts.ids);
      this.#log.warn(`configuration: ${where} is "${host}", which is no host of this datacenter${meant}`);
    }
  }
}
