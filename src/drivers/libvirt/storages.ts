import type { HostId } from '../../domain/host.ts';
import type { Pool } from './capabilities.ts';
import type { DiskSource } from './domain-xml.ts';

/** What lies on the host itself and on no other. */
export const localStorage = (host: HostId): string => `local disks of ${host}`;

/** Storages by names that mean the same on every host: a VM can run wherever all of its own are offered. */
export function storagesOf(
  disks: readonly DiskSource[],
  host: HostId,
  pools: readonly Pool[],
  sharedPaths: readonly string[],
): string[] {
  return [...new Set(disks.map((disk) => storageOf(disk, host, pools, sharedPaths)))].sort();
}

function storageOf(disk: DiskSource, host: HostId, pools: readonly Pool[], sharedPaths: readonly string[]): string {
  if (disk.kind === 'network') return disk.storage;
  if (disk.kind === 'volume') {
    const pool = pools.find(({ name }) => name === disk.pool);
    return pool === undefined ? localStorage(host) : nameOf(pool, host, sharedPaths);
  }
  const shared = sharedPaths.find((path) => isWithin(disk.path, path));
  if (shared !== undefined) return shared;
  const pool = pools.find(({ path }) => path !== '' && isWithin(disk.path, path));
  return pool === undefined ? localStorage(host) : nameOf(pool, host, sharedPaths);
}

/** Disks that a cluster serves need no mount and are not listed here. */
export function offeredStorages(host: HostId, pools: readonly Pool[], sharedPaths: readonly string[]): string[] {
  return [
    ...new Set([localStorage(host), ...sharedPaths, ...pools.map((pool) => nameOf(pool, host, sharedPaths))]),
  ].sort();
}

function nameOf({ path, shared }: Pool, host: HostId, sharedPaths: readonly string[]): string {
  return shared ?? sharedPaths.find((root) => isWithin(path, root)) ?? localStorage(host);
}

function isWithin(path: string, folder: string): boolean {
  const root = folder.endsWith('/') ? folder : `${folder}/`;
  return path === folder || path.startsWith(root);
}
