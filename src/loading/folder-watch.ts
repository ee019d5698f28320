import { watch } from 'node:fs';
import type { Stop } from '../ports/clock.ts';

/** Tells when something in a folder changes: not what, and perhaps once too often. */
export type FolderWatch = (folder: string, changed: () => void) => Stop;

/**
 * Over the operating system. A folder is watched and not its files: an editor that writes a new file over the old one is
 * seen then too. Where nothing can be watched (no such folder, too many watches, a network disk) nothing is told, and
 * whoever watches must look for himself now and then.
 */
export const watchOnDisk: FolderWatch = (folder, changed) => {
  try {
    const watcher = watch(folder, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
};
