import type { Draft } from '../../domain/draft.ts';
import type { Prices, Profile } from '../../domain/profile.ts';
import type { LoadedPolicy } from '../../sdk/choose.ts';

/** What a deep model is made from: a datacenter as it stands, and what costs money there. */
export interface Statement {
  readonly draft: Draft;
  readonly policies: readonly LoadedPolicy[];
  readonly profile: Profile;
  readonly prices: Prices;
  /** Whether the VM may be moved at all, and whether it may run there, room and company apart. Left out: yes. */
  readonly isMovable?: (vm: number) => boolean;
  readonly mayRun?: (vm: number, host: number) => boolean;
  /** Whether the host may be switched off once it is empty. Left out: no. */
  readonly maySleep?: (host: number) => boolean;
}

/** One resource as it stands, whatever it is called. */
export interface Row {
  readonly name: string;
  /** By VM. */
  readonly demand: ArrayLike<number>;
  /** By host. */
  readonly used: ArrayLike<number>;
  readonly capacity: (host: number) => number;
  readonly isHeld: boolean;
}
