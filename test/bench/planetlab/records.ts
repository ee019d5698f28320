/** What a host is at an instant, until the next record. */
export interface HostRecord {
  readonly usedMips: number;
  /** Of all VMs on its list, arriving ones in full. */
  readonly requestedMips: number;
  /** The same with arriving ones at what is reserved for them. */
  readonly dueMips: number;
}

export interface VmRecord {
  readonly givenMips: number;
  readonly requestedMips: number;
  readonly isMoving: boolean;
}

/** Less than this, of MIPS, is rounding. */
const ROUNDING = 1e-6;

/** A value that holds until the next one; of one instant the last counts. */
class Held<R> {
  #atSeconds = Number.NaN;
  #record: R | undefined;
  readonly #add: (record: R, seconds: number) => void;

  constructor(add: (record: R, seconds: number) => void) {
    this.#add = add;
  }

  put(record: R, atSeconds: number): void {
    if (this.#record !== undefined && atSeconds > this.#atSeconds) this.#add(this.#record, atSeconds - this.#atSeconds);
    this.#record = record;
    this.#atSeconds = atSeconds;
  }
}

/** How hosts and VMs fared, in sums over all of them. */
export class Records {
  readonly #hosts: readonly Held<HostRecord>[];
  readonly #vms: readonly Held<VmRecord>[];
  readonly #isActive: Uint8Array;
  readonly #lastHost: (HostRecord | undefined)[];
  #activeSeconds = 0;
  #shortSeconds = 0;
  #reallyShortSeconds = 0;
  #shutdowns = 0;
  #requested = 0;
  #given = 0;
  #lostToMoving = 0;
  #shortShares = 0;
  #shortCount = 0;

  constructor(hosts: number, vms: number) {
    this.#isActive = new Uint8Array(hosts).fill(1);
    this.#lastHost = new Array(hosts);
    this.#hosts = Array.from({ length: hosts }, (_, host) => {
      return new Held<HostRecord>((record, seconds) => this.#addHost(host, record, seconds));
    });
    this.#vms = Array.from(
      { length: vms },
      () => new Held<VmRecord>((record, seconds) => this.#addVm(record, seconds)),
    );
  }

  host(host: number, record: HostRecord, atSeconds: number): void {
    this.#hosts[host]!.put(record, atSeconds);
    this.#lastHost[host] = record;
  }

  vm(vm: number, record: VmRecord, atSeconds: number): void {
    this.#vms[vm]!.put(record, atSeconds);
  }

  /** The last records hold for no time, and still say whether a host was shut down. */
  figures() {
    this.#lastHost.forEach((record, host) => {
      if (record !== undefined) this.#note(host, record);
    });
    const slatah = this.#shortSeconds / this.#activeSeconds;
    const pdm = this.#lostToMoving / this.#requested;
    return {
      pdm,
      slatah,
      slatahWithoutArtefact: this.#reallyShortSeconds / this.#activeSeconds,
      underAllocation: (this.#requested - this.#given) / this.#requested,
      meanShortfall: this.#shortCount === 0 ? 0 : this.#shortShares / this.#shortCount,
      hostHours: this.#activeSeconds / 3600,
      shutdowns: this.#shutdowns,
    };
  }

  #addHost(host: number, record: HostRecord, seconds: number): void {
    this.#note(host, record);
    if (record.usedMips <= 0) return;
    this.#activeSeconds += seconds;
    if (record.usedMips < record.requestedMips) this.#shortSeconds += seconds;
    if (record.usedMips < record.dueMips - ROUNDING) this.#reallyShortSeconds += seconds;
  }

  #note(host: number, { usedMips }: HostRecord): void {
    const isActive = usedMips > 0 ? 1 : 0;
    if (this.#isActive[host] === 1 && isActive === 0) this.#shutdowns += 1;
    this.#isActive[host] = isActive;
  }

  #addVm({ givenMips, requestedMips, isMoving }: VmRecord, seconds: number): void {
    this.#requested += requestedMips * seconds;
    this.#given += givenMips * seconds;
    if (!(givenMips < requestedMips)) return;
    this.#shortShares += (requestedMips - givenMips) / requestedMips;
    this.#shortCount += 1;
    if (isMoving) this.#lostToMoving += (requestedMips - givenMips) * seconds;
  }
}
