import type { Flow } from '../domain/traffic.ts';
import { SECOND } from '../domain/units.ts';
import type { Fleet } from './fleet.ts';

/** Bytes that VMs have sent each other, by how far apart they were. */
export interface TalkBytes {
  readonly acrossHosts: number;
  readonly acrossRacks: number;
  readonly acrossSites: number;
}

const SAME_HOST = 0;
const HOSTS_APART = 1;
const RACKS_APART = 2;
const SITES_APART = 3;

/** Adds up what flows between VMs, at rates that follow how busy the sender is. */
export class Talk {
  readonly #fleet: Fleet;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #bytesPerS: Float64Array;
  readonly #usualTx: Float64Array;
  readonly #rates = new Float64Array(SITES_APART + 1);
  readonly #bytes = new Float64Array(SITES_APART + 1);
  #sinceMs: number;

  constructor(flows: readonly Flow[], fleet: Fleet, startMs: number) {
    const indexOf = (vm: string) => fleet.vmIndex.get(vm)!;
    const known = flows.filter(({ from, to }) => fleet.vmIndex.has(from) && fleet.vmIndex.has(to));
    this.#fleet = fleet;
    this.#from = Int32Array.from(known, ({ from }) => indexOf(from));
    this.#to = Int32Array.from(known, ({ to }) => indexOf(to));
    this.#bytesPerS = Float64Array.from(known, ({ bytesPerS }) => bytesPerS);
    this.#usualTx = Float64Array.from(fleet.vms, ({ demand }) => demand.netTxBytesPerS);
    this.#sinceMs = startMs;
    this.changed(startMs);
  }

  /** Must be called whenever loads or places have changed. */
  changed(nowMs: number): void {
    this.#settle(nowMs);
    this.#rates.fill(0);
    for (let flow = 0; flow < this.#from.length; flow++) this.#rates[this.#distance(flow)]! += this.#rate(flow);
  }

  bytes(nowMs: number): TalkBytes {
    this.#settle(nowMs);
    const [, acrossHosts, acrossRacks, acrossSites] = this.#bytes;
    return { acrossHosts: acrossHosts!, acrossRacks: acrossRacks!, acrossSites: acrossSites! };
  }

  #settle(nowMs: number): void {
    const seconds = (nowMs - this.#sinceMs) / SECOND;
    this.#sinceMs = nowMs;
    for (let level = 0; level < this.#rates.length; level++) this.#bytes[level]! += this.#rates[level]! * seconds;
  }

  #rate(flow: number): number {
    const from = this.#from[flow]!;
    const usual = this.#usualTx[from]!;
    return usual === 0 ? 0 : (this.#bytesPerS[flow]! * this.#fleet.wanted.netTxBytesPerS[from]!) / usual;
  }

  #distance(flow: number): number {
    const { hosts, hostOf } = this.#fleet;
    const from = hostOf[this.#from[flow]!]!;
    const to = hostOf[this.#to[flow]!]!;
    if (from === to) return SAME_HOST;
    const one = hosts[from]!;
    const other = hosts[to]!;
    if (one.site !== other.site) return SITES_APART;
    return one.rack === other.rack ? HOSTS_APART : RACKS_APART;
  }
}
