import type { HostId } from '../domain/host.ts';
import { spanWords } from '../domain/words.ts';
import type { Patience } from './patience.ts';

interface Record {
  failures: number;
  restsUntilMs: number;
}

/** Lets a host rest at which one migration after the other failed; the first that goes well there clears it. */
export class Breakers {
  readonly #patience: Patience;
  readonly #records = new Map<HostId, Record>();

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  refusal(host: HostId, nowMs: number): string | undefined {
    const record = this.#records.get(host);
    if (record === undefined || record.restsUntilMs <= nowMs) return undefined;
    const rest = spanWords(record.restsUntilMs - nowMs);
    return `waits for ${host}: ${record.failures} migrations in a row failed there, tried again in ${rest}`;
  }

  /** True: the host now rests. */
  failed(host: HostId, nowMs: number): boolean {
    const record = this.#records.get(host) ?? { failures: 0, restsUntilMs: 0 };
    this.#records.set(host, record);
    record.failures += 1;
    if (record.failures < this.#patience.failuresInARow) return false;
    record.restsUntilMs = nowMs + this.#patience.restMs;
    return true;
  }

  wentWell(host: HostId): void {
    this.#records.delete(host);
  }
}
