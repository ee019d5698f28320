export type Stop = () => void;

/** Time as an argument. The daemon lives on datacenter time, which a simulated datacenter may run faster or by hand. */
export interface Clock {
  nowMs(): number;
  /** Calls once, after this much datacenter time. */
  after(delayMs: number, call: () => void): Stop;
}
