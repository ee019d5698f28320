import type { DomainRef, Hypervisor } from './hypervisor.ts';
import { readDomain } from './hypervisor.ts';
import { EVENT } from './procedures.ts';
import type { TypedParameters } from './typed-parameters.ts';
import { readParameters } from './typed-parameters.ts';
import type { XdrReader } from './xdr.ts';

/** What happened to a domain on one host, as that host's hypervisor tells it. */
export type DomainEvent =
  | { readonly kind: 'lifecycle'; readonly domain: DomainRef; readonly event: number; readonly detail: number }
  | { readonly kind: 'iteration'; readonly domain: DomainRef; readonly iteration: number }
  | { readonly kind: 'job-completed'; readonly domain: DomainRef; readonly values: TypedParameters }
  /** Devices or metadata: its description must be read anew. */
  | { readonly kind: 'changed'; readonly domain: DomainRef };

/** Tells events of one connection apart: each says by a number of its own for which wish it comes. */
export class EventEar {
  readonly #eventOf = new Map<number, number>();
  readonly #tell: (event: DomainEvent) => void;

  constructor(tell: (event: DomainEvent) => void) {
    this.#tell = tell;
  }

  /** A daemon that is too old for one of them does without it. */
  async listen(hypervisor: Hypervisor): Promise<void> {
    const wishes = Object.values(EVENT).map(async (event) => {
      this.#eventOf.set(await hypervisor.registerEvent(event), event);
    });
    const [lifecycle] = await Promise.allSettled(wishes);
    if (lifecycle?.status === 'rejected') throw lifecycle.reason;
  }

  hear(reader: XdrReader): void {
    const event = this.#eventOf.get(reader.int());
    if (event === undefined) return;
    const domain = readDomain(reader);
    if (event === EVENT.lifecycle) {
      this.#tell({ kind: 'lifecycle', domain, event: reader.int(), detail: reader.int() });
    } else if (event === EVENT.migrationIteration) {
      this.#tell({ kind: 'iteration', domain, iteration: reader.int() });
    } else if (event === EVENT.jobCompleted) {
      this.#tell({ kind: 'job-completed', domain, values: readParameters(reader) });
    } else this.#tell({ kind: 'changed', domain });
  }
}
