import type { HostId } from '../domain/host.ts';
import type { PowerControl } from './power-control.ts';

/** Power that can also be asked about, whatever the host itself says. */
export interface RemotePower extends PowerControl {
  /** Nothing where it cannot tell. */
  isOn(host: HostId): Promise<boolean | undefined>;
  /** What the host draws now; nothing where that is not measured. */
  watts(host: HostId): Promise<number | undefined>;
  close(): Promise<void>;
}
