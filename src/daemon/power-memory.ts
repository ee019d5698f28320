import type { HostId } from '../domain/host.ts';
import { ENDED, type StepStatus } from '../domain/plan.ts';
import { ON } from '../domain/power.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Notebook } from './notebook.ts';

export interface PowerMemoryParts {
  readonly notebook: Notebook;
  readonly clock: Clock;
  readonly log: Log;
  /** Hosts that the executor has seen not to obey. */
  readonly suspects: () => ReadonlySet<HostId>;
}

/** Remembers which hosts Drover has switched off, which have come back, and which did not. */
export class PowerMemory {
  readonly #parts: PowerMemoryParts;
  readonly #goingOff = new Set<HostId>();

  constructor(parts: PowerMemoryParts) {
    this.#parts = parts;
  }

  /** That a host is put to sleep is written down before it is commanded: else nobody would wake it after a crash. */
  stepChanged(status: StepStatus): void {
    const { change } = status.step;
    if (change.kind !== 'power') return;
    const { host, to } = change;
    if (to === 'off' && status.state === 'running') this.#goesOff(host);
    if (!ENDED.has(status.state)) return;
    this.#goingOff.delete(host);
    if (to === 'on' && status.state === 'done') this.#cameBack(host);
    if (status.state === 'failed' && this.#parts.suspects().has(host)) this.#isSuspect(host, status.because);
  }

  /** Hosts that are seen to be on again are no longer asleep, whoever woke them; what is an old story is not believed. */
  look({ hosts }: Snapshot): void {
    const { notebook } = this.#parts;
    for (const host of notebook.asleep.subjects) {
      const index = hosts.index.get(host);
      const isGone = index === undefined;
      const isSeenOn = !isGone && hosts.power[index] === ON && hosts.known[index] === 1;
      if (isGone || (isSeenOn && !this.#goingOff.has(host))) this.#remember(() => notebook.asleep.strike(host));
    }
    for (const host of this.#parts.suspects())
      if (!notebook.suspects.has(host)) this.#isSuspect(host, 'it did not obey');
  }

  #goesOff(host: HostId): void {
    const { notebook, clock } = this.#parts;
    this.#goingOff.add(host);
    // What a person switches off is the person's to wake.
    if (notebook.switches.get(host)?.to === 'off') return;
    this.#remember(() => notebook.asleep.write(host, { sinceMs: clock.nowMs() }));
  }

  #cameBack(host: HostId): void {
    const { notebook, clock } = this.#parts;
    this.#remember(() => {
      notebook.asleep.strike(host);
      if (!notebook.proofs.has(host)) notebook.proofs.write(host, { how: 'seen', atMs: clock.nowMs() });
    });
  }

  #isSuspect(host: HostId, because: string): void {
    const { notebook, clock } = this.#parts;
    this.#remember(() => {
      notebook.suspects.write(host, { because, sinceMs: clock.nowMs() });
      notebook.proofs.strike(host);
    });
  }

  /** Nothing is commanded once the journal cannot be written, so what is lost here has no consequences but this line. */
  #remember(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#parts.log.error(`what became of a host is not remembered: ${String(error)}`);
    }
  }
}
