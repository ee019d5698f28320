import { basename, dirname, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { DecideInput } from '../decide/decide.ts';
import { watchOnDisk } from '../loading/folder-watch.ts';
import { Library } from '../loading/library.ts';
import { OWN_FOLDER, STOCK } from '../loading/policy-files.ts';
import { type PresentSituation, tryOut } from '../loading/try-out.ts';
import { SystemClock } from './clocks.ts';

/** The policy files of Drover and of the configured folders. What they hold is tried out before it is let in. */
export function openLibrary(
  { policyFolders }: Pick<Settings, 'policyFolders'>,
  present: Daemon['presentSituation'],
): Library {
  return new Library({
    folders: [OWN_FOLDER, ...policyFolders.map((folder) => resolve(folder))],
    clock: new SystemClock(),
    watch: watchOnDisk,
    tryOut: async (file) => {
      const now = present();
      if (now === undefined && comesWithDrover(file)) return undefined;
      const situation = now && withoutPolicies(now);
      return tryOut({ file, situation });
    },
  });
}

function withoutPolicies({ policies: _, ...situation }: DecideInput): PresentSituation {
  return situation;
}

/** Nothing but time would be gained by loading these in another thread first. */
function comesWithDrover(file: string): boolean {
  const folder = dirname(file);
  return dirname(folder) === OWN_FOLDER && STOCK.has(basename(folder));
}
