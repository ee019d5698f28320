/** What the daemon can know, as far as the faults let it: how wrong its clock is, and when it last saw what. */
export class Sight {
  /** How far the daemon's clock is ahead. */
  skewMs = 0;
  readonly #sharesClock: boolean;
  readonly #hostOf: (vm: string) => string | undefined;
  readonly #readAtMs: number[] = [];
  readonly #sampledAtMs = new Map<string, number>();
  readonly #touchedAtMs = new Map<string, number>();

  /** Where the driver runs on the daemon's machine, its stamps are wrong by as much. */
  constructor(sharesClock: boolean, hostOf: (vm: string) => string | undefined) {
    this.#sharesClock = sharesClock;
    this.#hostOf = hostOf;
  }

  get driverSkewMs(): number {
    return this.#sharesClock ? this.skewMs : 0;
  }

  hostOf(vm: string): string | undefined {
    return this.#hostOf(vm);
  }

  inventoryReadAt(nowMs: number): void {
    this.#readAtMs.push(nowMs);
    if (this.#readAtMs.length > LOOKS_BACK) this.#readAtMs.shift();
  }

  get lastReadAtMs(): number {
    return this.#readAtMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  hostsSampled(hosts: readonly string[], nowMs: number): void {
    for (const host of hosts) this.#sampledAtMs.set(host, nowMs);
  }

  sampledAtMs(host: string): number {
    return this.#sampledAtMs.get(host) ?? Number.NEGATIVE_INFINITY;
  }

  /** Somebody else, or a fault, had a hand in it. */
  touched(subjects: readonly string[], nowMs: number): void {
    for (const subject of subjects) this.#touchedAtMs.set(subject, nowMs);
  }

  /** It changed by other hands after the daemon last had a good look: it is not to blame for not knowing. */
  couldNotKnow(subjects: readonly string[]): boolean {
    const oldestLookMs = this.#readAtMs.length < LOOKS_BACK ? Number.NEGATIVE_INFINITY : this.#readAtMs[0]!;
    return subjects.some((subject) => (this.#touchedAtMs.get(subject) ?? Number.NEGATIVE_INFINITY) >= oldestLookMs);
  }
}

/** The last look may be the one for switching a host off, from which nothing else learns. */
const LOOKS_BACK = 3;
