import { SECOND } from '../../domain/units.ts';
import type { DomainRef, Hypervisor } from './hypervisor.ts';

/** The sampling of pages needs a while: in one second a slow writer is not seen. */
const MEASURING_SECONDS = 3;

/** Has the rate at which guests write measured, in turn: few at a time, since it costs the host some processor. */
export class DirtyRates {
  readonly #everyMs: number;
  readonly #lastMs = new Map<string, number>();
  #isAble = true;

  constructor(everySeconds: number) {
    this.#everyMs = everySeconds * SECOND;
  }

  /** Starts as many as are due in this interval; a hypervisor that cannot is not asked again. */
  async startDue(
    domains: readonly DomainRef[],
    hypervisor: Hypervisor,
    intervalMs: number,
    nowMs: number,
  ): Promise<void> {
    if (this.#everyMs === 0 || !this.#isAble) return;
    const most = Math.ceil((domains.length * intervalMs) / this.#everyMs);
    const due = domains
      .filter(({ uuid }) => nowMs - (this.#lastMs.get(uuid) ?? -Infinity) >= this.#everyMs)
      .sort((a, b) => (this.#lastMs.get(a.uuid) ?? 0) - (this.#lastMs.get(b.uuid) ?? 0))
      .slice(0, most);
    for (const { uuid } of due) this.#lastMs.set(uuid, nowMs);
    const uuids = new Set(domains.map(({ uuid }) => uuid));
    for (const uuid of this.#lastMs.keys()) if (!uuids.has(uuid)) this.#lastMs.delete(uuid);
    const started = await Promise.allSettled(due.map((domain) => hypervisor.startDirtyRate(domain, MEASURING_SECONDS)));
    if (started.length > 0 && started.every(({ status }) => status === 'rejected')) this.#isAble = false;
  }
}
