import type { Labels } from '../../domain/columns.ts';
import type { HostId } from '../../domain/host.ts';
import type { PowerModel } from '../../domain/power.ts';
import type { TlsFiles } from './transport.ts';

/** One host as somebody configured it: how to reach it, and what its hypervisor cannot know. */
export interface LibvirtHost {
  readonly id: HostId;
  readonly uri: string;
  /** How the other hosts reach it; absent: by the same URI. */
  readonly peerUri?: string;
  readonly rack: string;
  readonly site: string;
  readonly subnet: string;
  readonly labels: Labels;
  /** Networks that guests can be plugged into there; absent: all that any guest is plugged into. */
  readonly networks?: readonly string[];
  /** What the hypervisor says stands where these are absent. */
  readonly cores?: number;
  readonly coreMhz?: number;
  readonly memoryGib?: number;
  readonly reservedCores: number;
  readonly reservedMemoryGib: number;
  readonly linkGbitPerS: number;
  readonly migrationGbitPerS: number;
  readonly powerModel: PowerModel;
  readonly maintenance: boolean;
}

export interface MigrationSettings {
  /** Who leads: the source, which connects to the target, or Drover, which is connected to both. */
  readonly control: 'peer-to-peer' | 'managed';
  /** Slows guests down that write too fast. */
  readonly autoConverge: boolean;
  /** Memory in several streams at once; 1: one. */
  readonly parallelConnections: number;
  readonly compressed: boolean;
  /** Whether a migration may be finished by moving the guest first and its memory after: a failure then loses it. */
  readonly postCopy: boolean;
  /** The most that one migration takes; 0: all there is. */
  readonly mostMibPerS: number;
}

export interface LibvirtSettings {
  readonly hosts: readonly LibvirtHost[];
  /** Folders that are one and the same on all hosts: NFS, a cluster file system. */
  readonly sharedPaths: readonly string[];
  /** The folder among them that guests are saved to on their way; absent: no quick migrations. */
  readonly saveFolder?: string;
  readonly migration: MigrationSettings;
  readonly connectSeconds: number;
  readonly pingSeconds: number;
  /** How often the rate at which each guest writes is measured; 0: never. */
  readonly dirtyRateSeconds: number;
  readonly tls?: TlsFiles;
}
