/** What the published experiment lets happen for free, and what it costs here. */
export interface Setting {
  readonly name: 'compatible' | 'repaired';
  /** VMs that want nothing at two samples in a row are removed for good. */
  readonly removesIdle: boolean;
  /** Of each host; holds at the start. */
  readonly memoryMb: number;
  /** Whether it holds afterwards too. */
  readonly enforcesMemory: boolean;
  /** Whether an arriving VM is owed all that it wants while it is given a tenth. */
  readonly countsArrivingInFull: boolean;
  /** Whether hosts have to be switched, with time and energy; else they draw nothing while they do nothing. */
  readonly chargesSwitching: boolean;
  /** Whether hosts go off as soon as they are empty, told or not: the published policies know no switch. */
  readonly switchesOffEmpty: boolean;
  readonly bootSeconds: number;
  readonly shutdownSeconds: number;
}

export const COMPATIBLE: Setting = {
  name: 'compatible',
  removesIdle: true,
  memoryMb: 4096,
  enforcesMemory: false,
  countsArrivingInFull: true,
  chargesSwitching: false,
  switchesOffEmpty: true,
  bootSeconds: 0,
  shutdownSeconds: 0,
};

export const REPAIRED: Setting = {
  name: 'repaired',
  removesIdle: false,
  memoryMb: 65_536,
  enforcesMemory: true,
  countsArrivingInFull: false,
  chargesSwitching: true,
  switchesOffEmpty: true,
  bootSeconds: 180,
  shutdownSeconds: 60,
};

export const SETTINGS = { compatible: COMPATIBLE, repaired: REPAIRED } as const;
