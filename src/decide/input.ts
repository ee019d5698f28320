import type { Limits, Prices, Profile } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { LoadedPolicy } from '../sdk/choose.ts';

/** All that a cycle of decisions depends on. */
export interface DecideInput {
  readonly snapshot: Snapshot;
  readonly policies: readonly LoadedPolicy[];
  readonly profile: Profile;
  readonly prices: Prices;
  readonly limits: Limits;
  /** Whether hosts may be switched on and off. */
  readonly power: boolean;
  /** Asked between steps of the search: whether it should come to its end, with what it has. */
  readonly isTimeUp?: () => boolean;
}
