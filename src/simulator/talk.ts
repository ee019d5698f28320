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
  /** Of each VM, the flows that it has part in. */
  readonly #flowsOf: readonly (readonly number[])[];
  readonly #rate: Float64Array;
  readonly #apart: Uint8Array;
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
    this.#flowsOf = flowsByVm(fleet.vms.length, [this.#from, this.#to]);
    this.#rate = new Float64Array(known.length);
    this.#apart = new Uint8Array(known.length);
    this.#sinceMs = startMs;
    this.loadsChanged(startMs);
  }

  loadsChanged(nowMs: number): void {
    this.#settle(nowMs);
    this.#rates.fill(0);
    for (let flow = 0; flow < this.#rate.length; flow++) this.#add(flow);
  }

  moved(vm: number, nowMs: number): void {
    this.#settle(nowMs);
    for (const flow of this.#flowsOf[vm]!) {
      this.#rates[this.#apart[flow]!]! -= this.#rate[flow]!;
      this.#add(flow);
    }
  }

  bytes(nowMs: number): TalkBytes {
    this.#settle(nowMs);
    const [, acrossHosts, acrossRacks, acrossSites] = this.#bytes;
    return { acrossHosts: acrossHosts!, acrossRacks: acrossRacks!, acrossSites: acrossSites! };
  }

  #settle(nowMs: number): void {
    const seconds = (nowMs - this.#sinceMs) / SECOND;
    this.#sinceMs = nowMs;
    for (let apart = 0; apart < this.#rates.length; apart++) this.#bytes[apart]! += this.#rates[apart]! * seconds;
  }

  #add(flow: number): void {
    this.#rate[flow] = this.#rateOf(flow);
    this.#apart[flow] = this.#distanceOf(flow);
    this.#rates[this.#apart[flow]!]! += this.#rate[flow]!;
  }

  #rateOf(flow: number): number {
    const from = this.#from[flow]!;
    const usual = this.#usualTx[from]!;
    return usual === 0 ? 0 : (this.#bytesPerS[flow]! * this.#fleet.wanted.netTxBytesPerS[from]!) / usual;
  }

  #distanceOf(flow: number): number {
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

function flowsByVm(vms: number, ends: readonly Int32Array[]): number[][] {
  const flows = Array.from({ length: vms }, (): number[] => []);
  for (const end of ends) for (let flow = 0; flow < end.length; flow++) flows[end[flow]!]!.push(flow);
  return flows;
}
