import type { Fleet } from './fleet.ts';
import type { HostView, VmView } from './views.ts';

/**
 * What must never happen, stated by an author. Every change of every policy is held against it, and what is against it
 * from the start is repaired. Pure: same VM, host and fleet, same answer.
 */
export interface RuleDefinition {
  readonly id: string;
  readonly about: string;
  /** Whether the VM may run on the host: asked about hosts that it would go to, and about the one that it is on. */
  readonly permits: (vm: VmView, host: HostView, fleet: Fleet) => boolean;
  /** Why not: "web-17 belongs to the DMZ, and h3 is outside". */
  readonly because: (vm: VmView, host: HostView, fleet: Fleet) => string;
}

/** For the `rules` of a policy. */
export function defineRule(definition: RuleDefinition): RuleDefinition {
  return definition;
}
