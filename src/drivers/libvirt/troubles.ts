import type { HostId } from '../../domain/host.ts';
import type { Log } from '../../ports/log.ts';
import type { Guest } from './guests.ts';
import { type HostView, sizeOf } from './inventory.ts';

/** Tells people what they should look at: once when it begins, and once when it is over. */
export class Troubles {
  readonly #log: Log;
  #told = new Set<string>();
  readonly #silentBmcs = new Map<HostId, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  get standing(): readonly string[] {
    return [...this.#told];
  }

  /** Told with the next note. The first words stand: each attempt may come to others. */
  noteBmc(host: HostId, trouble: string | undefined): void {
    if (trouble === undefined) this.#silentBmcs.delete(host);
    else if (!this.#silentBmcs.has(host)) this.#silentBmcs.set(host, trouble);
  }

  note(
    guests: readonly Guest[],
    views: readonly HostView[],
    doubts: ReadonlyMap<HostId, string>,
    others: readonly string[],
  ): void {
    const doubted = [...doubts].map(([host, words]) => `${host} ${words}.`);
    const away = views.flatMap((view) => reachTrouble(view, this.#told));
    const now = new Set([
      ...guests.flatMap(guestTrouble),
      ...away,
      ...views.flatMap(sizeTrouble),
      ...doubted,
      ...[...this.#silentBmcs].map(bmcTrouble),
      ...others,
    ]);
    for (const sentence of now) if (!this.#told.has(sentence)) this.#log.warn(sentence);
    for (const sentence of this.#told) if (!now.has(sentence)) this.#log.info(`No longer so: ${sentence}`);
    this.#told = now;
  }
}

function guestTrouble({ id, trouble }: Guest): string[] {
  return trouble === undefined ? [] : [`${id} ${trouble}.`];
}

const bmcTrouble = ([host, words]: readonly [HostId, string]): string =>
  `The BMC of ${host} does not do as it is told (${words}): ${host} can be switched neither off nor on.`;

/** What keeps a host out of reach may be told in other words at each attempt; the first ones stand. */
function reachTrouble({ host, power, outOfReach }: HostView, told: ReadonlySet<string>): string[] {
  if (power !== 'on' || outOfReach === undefined) return [];
  const beginning = `${host.id} cannot be reached (`;
  const before = [...told].find((sentence) => sentence.startsWith(beginning));
  return [before ?? `${beginning}${outOfReach}): nothing is done with it and its guests.`];
}

function sizeTrouble(view: HostView): string[] {
  if (sizeOf(view) !== undefined) return [];
  return [
    `${view.host.id} has never been reached, so its size is not known and it is left out: switch it on once, or give its cores, coreMhz and memoryGib.`,
  ];
}
