import type { Finding } from '../../domain/finding.ts';
import type { HostId } from '../../domain/host.ts';
import { FolderPool } from './folder-pool.ts';
import type { Hypervisor } from './hypervisor.ts';
import type { Examined } from './preflight-reach.ts';
import type { LibvirtSettings } from './settings.ts';
import { localStorage } from './storages.ts';

const MOST_NAMED = 3;
const TRIAL = 'drover-check';

/** Whether what is called shared is one and the same, and which guests are bound to their host by what is not. */
export async function storageFindings(reached: readonly Examined[], settings: LibvirtSettings): Promise<Finding[]> {
  const { sharedPaths, saveFolder } = settings;
  const shared = await Promise.all(sharedPaths.map((path) => sharedFindings(path, reached)));
  const saved = saveFolder === undefined ? [] : await writableFindings(saveFolder, reached);
  return [...shared.flat(), ...saved, ...reached.flatMap(boundFinding)];
}

/** The same names of files are there: what is mounted nowhere is an empty folder, or none. */
async function sharedFindings(path: string, reached: readonly Examined[]): Promise<Finding[]> {
  const listings = await Promise.all(
    reached.map(async ({ host, hypervisor }) => ({ host: host.id, names: await namesIn(path, hypervisor) })),
  );
  const all = new Set(listings.flatMap(({ names }) => (typeof names === 'string' ? [] : names)));
  return listings.map(({ host, names }) => sharedFinding(path, host, names, all));
}

async function namesIn(path: string, hypervisor: Hypervisor): Promise<readonly string[] | string> {
  const folder = new FolderPool(path, hypervisor);
  try {
    return (await folder.volumes()).map(({ name }) => name);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await folder.giveBack();
  }
}

function sharedFinding(
  path: string,
  host: HostId,
  names: readonly string[] | string,
  all: ReadonlySet<string>,
): Finding {
  const common = { about: host, check: 'storage' };
  const remedy = `Mount ${path} on ${host} as on the other hosts, or take it out of sharedPaths.`;
  if (typeof names === 'string') return { ...common, state: 'failed', words: `${path}: ${names}`, remedy };
  const missing = [...all].filter((name) => !names.includes(name)).sort();
  if (missing.length === 0) return { ...common, state: 'ok', words: `${path} holds what it holds elsewhere` };
  const some = missing.slice(0, MOST_NAMED).join(', ');
  return { ...common, state: 'failed', words: `${path} lacks ${some}, which it holds elsewhere`, remedy };
}

/** What one host writes must be seen by all. */
async function writableFindings(path: string, reached: readonly Examined[]): Promise<Finding[]> {
  const [first] = reached;
  if (first === undefined) return [];
  const common = { check: 'saved guests' };
  const writer = new FolderPool(path, first.hypervisor);
  try {
    await writer.write(TRIAL);
    return await Promise.all(
      reached.map(async ({ host, hypervisor }): Promise<Finding> => {
        const names = await namesIn(path, hypervisor);
        if (names.includes(TRIAL)) return { about: host.id, ...common, state: 'ok', words: `${path} is shared` };
        const words = typeof names === 'string' ? names : `does not see in ${path} what ${first.host.id} wrote there`;
        const remedy = `Mount ${path} on ${host.id} as on ${first.host.id}, or give another saveFolder.`;
        return { about: host.id, ...common, state: 'failed', words, remedy };
      }),
    );
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const remedy = `Make ${path} a folder that libvirt on all hosts may write to, or leave saveFolder out.`;
    return [{ about: first.host.id, ...common, state: 'failed', words, remedy }];
  } finally {
    await writer.remove(TRIAL).catch(() => undefined);
    await writer.giveBack();
  }
}

function boundFinding({ host, guests }: Examined): Finding[] {
  const isBound = ({ storages }: Examined['guests'][number]) => storages.includes(localStorage(host.id));
  const bound = guests.filter(isBound).map(({ domain }) => domain.name);
  if (bound.length === 0) return [];
  const more = bound.length > MOST_NAMED ? ` and ${bound.length - MOST_NAMED} more` : '';
  const fate =
    bound.length === 1
      ? 'has a disk that no other host has, and stays where it is'
      : 'have disks that no other host has, and stay where they are';
  const words = `${bound.slice(0, MOST_NAMED).join(', ')}${more} ${fate}`;
  return [{ about: host.id, check: 'disks', state: 'unknown', words }];
}
