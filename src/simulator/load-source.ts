/** What all VMs want, by their index in the inventory. */
export interface Demands {
  readonly cpuMhz: Float64Array;
  readonly memoryActiveBytes: Float64Array;
  readonly netRxBytesPerS: Float64Array;
  readonly netTxBytesPerS: Float64Array;
  readonly dirtyBytesPerS: Float64Array;
  readonly liveSessions: Float64Array;
}

/** Where load comes from: made up, or read from a trace. */
export interface LoadSource {
  /** Fills in what each VM wants at the instant. Instants are asked for in the order of time; what is not filled in stays as it was. */
  read(atMs: number, into: Demands): void;
}

export function newDemands(vms: number, first = 0): Demands {
  const column = () => new Float64Array(vms).fill(first);
  return {
    cpuMhz: column(),
    memoryActiveBytes: column(),
    netRxBytesPerS: column(),
    netTxBytesPerS: column(),
    dirtyBytesPerS: column(),
    liveSessions: column(),
  };
}
