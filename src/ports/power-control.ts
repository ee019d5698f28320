import type { HostId } from '../domain/host.ts';

export type SwitchEnd = { readonly state: 'done' } | { readonly state: 'failed'; readonly because: string };

/**
 * Switches hosts. A promise is kept when the host has come up, or is off; never earlier. The order is the id of the step
 * that wants it, for those who take note of what they were told.
 */
export interface PowerControl {
  switchOn(host: HostId, order?: string): Promise<SwitchEnd>;
  switchOff(host: HostId, order?: string): Promise<SwitchEnd>;
}
