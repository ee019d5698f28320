import type { HostId } from './host.ts';
import type { VmId } from './vm.ts';

/** What may be done to a datacenter. */
export interface Move {
  readonly kind: 'move';
  readonly vm: VmId;
  readonly from: HostId;
  readonly to: HostId;
}

export interface PowerSwitch {
  readonly kind: 'power';
  readonly host: HostId;
  readonly to: 'on' | 'off';
}

export type Change = Move | PowerSwitch;

/** Equal changes have equal keys, whichever cycle thought of them. */
export function changeKey(change: Change): string {
  return change.kind === 'move' ? `move ${change.vm} to ${change.to}` : `power ${change.host} ${change.to}`;
}

/** The same for changes that are about the same VM from the same host, wherever it is to go. */
export function subjectKey(change: Change): string {
  return change.kind === 'move' ? `move ${change.vm} from ${change.from}` : changeKey(change);
}

export function changeWords(change: Change): string {
  return change.kind === 'move' ? `${change.vm}: ${change.from} → ${change.to}` : `${change.host}: switch ${change.to}`;
}
