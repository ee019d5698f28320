import { SECOND } from '../../domain/units.ts';
import { HypervisorError } from './connection.ts';
import type { DomainRef, Hypervisor } from './hypervisor.ts';
import { ERROR } from './procedures.ts';

/** The sampling of pages needs a while: in one second a slow writer is not seen. */
const MEASURING_SECONDS = 3;
/** These say something of the hypervisor; all else is about the one guest, at that moment. */
const UNABLE: ReadonlySet<number> = new Set([
  ERROR.noSupport,
  ERROR.unknownProcedure,
  ERROR.unsupported,
  ERROR.accessDenied,
]);

/** Has the rate at which guests write measured, in turn: few at a time, since it costs the host some processor. */
export class DirtyRates {
  readonly #everyMs: number;
  readonly #lastMs = new Map<string, number>();
  #unable: Hypervisor | undefined;
  #isStarting = false;

  constructor(everySeconds: number) {
    this.#everyMs = everySeconds * SECOND;
  }

  /**
   * Starts as many as are due in this interval, one after the other: a guest that is busy (it migrates, say) does not
   * answer for long. A hypervisor that cannot is not asked again until it is connected to anew.
   */
  async startDue(
    domains: readonly DomainRef[],
    hypervisor: Hypervisor,
    intervalMs: number,
    nowMs: number,
  ): Promise<void> {
    if (this.#everyMs === 0 || this.#isStarting || this.#unable === hypervisor) return;
    this.#isStarting = true;
    for (const domain of this.#takeDue(domains, intervalMs, nowMs)) {
      if (this.#unable !== hypervisor) await this.#start(domain, hypervisor);
    }
    this.#isStarting = false;
  }

  #takeDue(domains: readonly DomainRef[], intervalMs: number, nowMs: number): DomainRef[] {
    const most = Math.ceil((domains.length * intervalMs) / this.#everyMs);
    const due = domains
      .filter(({ uuid }) => nowMs - (this.#lastMs.get(uuid) ?? -Infinity) >= this.#everyMs)
      .sort((a, b) => (this.#lastMs.get(a.uuid) ?? 0) - (this.#lastMs.get(b.uuid) ?? 0))
      .slice(0, most);
    for (const { uuid } of due) this.#lastMs.set(uuid, nowMs);
    const uuids = new Set(domains.map(({ uuid }) => uuid));
    for (const uuid of this.#lastMs.keys()) if (!uuids.has(uuid)) this.#lastMs.delete(uuid);
    return due;
  }

  async #start(domain: DomainRef, hypervisor: Hypervisor): Promise<void> {
    try {
      await hypervisor.startDirtyRate(domain, MEASURING_SECONDS);
    } catch (error) {
      if (error instanceof HypervisorError && UNABLE.has(error.code)) this.#unable = hypervisor;
    }
  }
}
