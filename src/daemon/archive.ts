import { liveCaseText } from '../case/live-case.ts';
import type { DecideInput } from '../decide/input.ts';
import { OPERATOR } from '../decide/ordered.ts';
import { isAccepted, type Verdicts } from '../domain/decision.ts';
import type { History } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';

export interface ArchiveParts {
  readonly history: Pick<History, 'recordCase'>;
  readonly mostVms: number;
  readonly log: Log;
}

/** Keeps what a cycle went by, if it decided something, so that it can be decided again. */
export class Archive {
  readonly #parts: ArchiveParts;
  #hasTold = false;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
  }

  keep({ snapshot, ...course }: DecideInput, { decisions }: Verdicts): void {
    if (!decisions.some((decision) => isAccepted(decision) && decision.policy !== OPERATOR)) return;
    if (snapshot.vms.ids.length > this.#parts.mostVms) {
      this.#tellOnce();
      return;
    }
    this.#parts.history.recordCase(snapshot.version, liveCaseText(snapshot, course));
  }

  #tellOnce(): void {
    if (!this.#hasTold)
      this.#parts.log.info(`there are more than ${this.#parts.mostVms} VMs: cycles are kept without their case`);
    this.#hasTold = true;
  }
}
