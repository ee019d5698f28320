import type { HostId } from '../domain/host.ts';

export type SwitchEnd = { readonly state: 'done' } | { readonly state: 'failed'; readonly because: string };

/** Switches hosts. A promise is kept when the host has come up, or is off; never earlier. */
export interface PowerControl {
  switchOn(host: HostId): Promise<SwitchEnd>;
  switchOff(host: HostId): Promise<SwitchEnd>;
}
