import type { HostId } from '../domain/host.ts';
import type { PowerControl } from './power-control.ts';

/** Power that can also be asked about, whatever the host itself says: a BMC, say. */
export interface RemotePower extends PowerControl {
  /** Nothing where it cannot tell. */
  isOn(host: HostId): Promise<boolean | undefined>;
}
