import type { Inventory } from '../domain/inventory.ts';
import type { Limits, Prices, Profile } from '../domain/profile.ts';

/** A datacenter at one instant, with everything that a decision about it depends on. */
export interface Case {
  readonly inventory: Inventory;
  readonly profile: Profile;
  readonly prices: Prices;
  readonly limits: Limits;
  /** Whether hosts may be switched on and off. */
  readonly power: boolean;
}
