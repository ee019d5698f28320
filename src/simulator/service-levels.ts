/** How well guests were served, as the literature on consolidation measures it. All are shares of something, from 0 to 1. */
export interface ServiceFigures {
  /** Of the time in which hosts were active: that in which a host gave less than was asked of it. */
  readonly slatahShare: number;
  /** Of all that was demanded: what was not given while the VM was being migrated. */
  readonly pdmShare: number;
  /** The product of the two. */
  readonly slav: number;
  /** Of all that was demanded: what was not given, for whatever reason. */
  readonly underAllocatedShare: number;
  /** Of the time of all VMs: that in which a VM got less than it wanted. */
  readonly starvedVmTimeShare: number;
  /** The mean shortfall of the spans in which a VM got less than it wanted, each span counting alike. */
  readonly meanShortfallShare: number;
}

/**
 * Sums over records: what a record says holds until the next one of the same host or VM, and one of the same instant
 * takes its place. In whatever unit of time and of processing; comparisons are strict.
 */
export class ServiceLevels {
  readonly #hostSince: Float64Array;
  readonly #hostIsActive: Uint8Array;
  readonly #hostIsShort: Uint8Array;
  readonly #vmSince: Float64Array;
  readonly #got: Float64Array;
  readonly #wanted: Float64Array;
  readonly #isMigrating: Uint8Array;
  #activeTime = 0;
  #shortTime = 0;
  #vmTime = 0;
  #starvedTime = 0;
  #demanded = 0;
  #missing = 0;
  #missingInMigration = 0;
  #shortSpans = 0;
  #shortfalls = 0;

  constructor(hosts: number, vms: number, start: number) {
    this.#hostSince = new Float64Array(hosts).fill(start);
    this.#hostIsActive = new Uint8Array(hosts);
    this.#hostIsShort = new Uint8Array(hosts);
    this.#vmSince = new Float64Array(vms).fill(start);
    this.#got = new Float64Array(vms);
    this.#wanted = new Float64Array(vms);
    this.#isMigrating = new Uint8Array(vms);
  }

  recordHost(host: number, at: number, given: number, requested: number): void {
    this.#closeHost(host, at);
    this.#hostIsActive[host] = given > 0 ? 1 : 0;
    this.#hostIsShort[host] = given > 0 && given < requested ? 1 : 0;
  }

  recordVm(vm: number, at: number, got: number, wanted: number, isMigrating: boolean): void {
    this.#closeVm(vm, at);
    this.#got[vm] = got;
    this.#wanted[vm] = wanted;
    this.#isMigrating[vm] = isMigrating ? 1 : 0;
  }

  /** Up to this time. */
  figures(at: number): ServiceFigures {
    for (let host = 0; host < this.#hostSince.length; host++) this.#closeHost(host, at);
    for (let vm = 0; vm < this.#vmSince.length; vm++) this.#closeVm(vm, at);
    const slatahShare = shareOf(this.#shortTime, this.#activeTime);
    const pdmShare = shareOf(this.#missingInMigration, this.#demanded);
    return {
      slatahShare,
      pdmShare,
      slav: slatahShare * pdmShare,
      underAllocatedShare: shareOf(this.#missing, this.#demanded),
      starvedVmTimeShare: shareOf(this.#starvedTime, this.#vmTime),
      meanShortfallShare: shareOf(this.#shortfalls, this.#shortSpans),
    };
  }

  #closeHost(host: number, at: number): void {
    const span = at - this.#hostSince[host]!;
    this.#hostSince[host] = at;
    if (this.#hostIsActive[host] === 1) this.#activeTime += span;
    if (this.#hostIsShort[host] === 1) this.#shortTime += span;
  }

  #closeVm(vm: number, at: number): void {
    const span = at - this.#vmSince[vm]!;
    if (span === 0) return;
    this.#vmSince[vm] = at;
    const wanted = this.#wanted[vm]!;
    const missing = wanted - this.#got[vm]!;
    this.#vmTime += span;
    this.#demanded += wanted * span;
    if (missing <= 0) return;
    this.#missing += missing * span;
    this.#starvedTime += span;
    this.#shortfalls += missing / wanted;
    this.#shortSpans += 1;
    if (this.#isMigrating[vm] === 1) this.#missingInMigration += missing * span;
  }
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
