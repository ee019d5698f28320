import type { HostId } from '../../domain/host.ts';
import type { Sighting } from './host-link.ts';
import { isRunning, isStoppedByMigration } from './whereabouts.ts';

/** What the two ends of a migration show of its VM now; a host that cannot be asked shows nothing. */
export interface Ends {
  readonly vm: string;
  readonly from: HostId;
  readonly to: HostId;
  readonly onSource: Glimpse;
  readonly onTarget: Glimpse;
  /** Whether the source is still at it. */
  readonly hasJob: boolean;
}

export type Glimpse = Pick<Sighting, 'state' | 'reason'> | 'absent' | 'unreachable';

export type Outcome =
  | { readonly kind: 'moved' }
  | { readonly kind: 'stayed' }
  | { readonly kind: 'broken'; readonly because: string }
  | { readonly kind: 'under way' }
  /** It stands still on its source, and its target has it no more. */
  | { readonly kind: 'stranded' }
  | { readonly kind: 'unclear' };

const runs = (glimpse: Glimpse) => typeof glimpse === 'object' && isRunning(glimpse);

/**
 * After an error or a lost connection: where the VM is, by what both hosts list. An error alone says nothing, as a
 * migration outlives who asked for it. Nothing is ever started from here.
 */
export function outcomeOf(ends: Ends): Outcome {
  const { vm, from, to, onSource, onTarget, hasJob } = ends;
  if (hasJob) return { kind: 'under way' };
  if (runs(onSource) && runs(onTarget)) {
    const because = `${vm} runs on ${from} and on ${to} at once: destroy the copy that is out of date (virsh destroy) by hand`;
    return { kind: 'broken', because };
  }
  if (runs(onSource)) return typeof onTarget === 'object' ? { kind: 'unclear' } : { kind: 'stayed' };
  if (runs(onTarget)) return typeof onSource === 'object' ? { kind: 'unclear' } : { kind: 'moved' };
  if (onSource === 'absent' && onTarget === 'absent') {
    return { kind: 'broken', because: `${vm} runs neither on ${from} nor on ${to} any more: start it by hand` };
  }
  if (typeof onSource === 'object' && isStoppedByMigration(onSource) && onTarget === 'absent')
    return { kind: 'stranded' };
  return { kind: 'unclear' };
}

const words = (host: HostId, glimpse: Glimpse): string => {
  if (glimpse === 'unreachable') return `${host} cannot be reached`;
  return glimpse === 'absent' ? `it is not on ${host}` : `it is paused on ${host}`;
};

/** For what stays unclear: what is known, and who must look. */
export function unclearWords({ vm, from, to, onSource, onTarget }: Ends): string {
  const known = `${words(from, onSource)}, ${words(to, onTarget)}`;
  return `it is not clear where ${vm} is: ${known}; look with virsh list on both, and start it on neither before`;
}

/** Where it may have run on its target for a moment. */
export function strandedWords({ vm, from, to }: Ends): string {
  return `${vm} stands still on ${from}, and ${to} was told to run it and has it no more: where nothing shows that it ran there meanwhile, virsh resume it on ${from}; else virsh destroy it there and start it by hand`;
}
