import type { Finding } from '../../domain/finding.ts';
import type { HostId } from '../../domain/host.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RemotePower } from '../../ports/remote-power.ts';
import { migrationFindings } from './preflight-migrations.ts';
import { powerFindings } from './preflight-power.ts';
import { type Examined, examineHost } from './preflight-reach.ts';
import { storageFindings } from './preflight-storage.ts';
import type { LibvirtSettings } from './settings.ts';

export interface PreflightParts {
  readonly settings: LibvirtSettings;
  readonly clock: Clock;
  readonly power?: RemotePower;
  /** Hosts that this configuration means to switch. */
  readonly switched: ReadonlySet<HostId>;
}

/**
 * Tries all that Drover will rely on, and changes nothing: the one thing that is written is an empty file in the folder
 * of saved guests, which is removed again.
 */
export async function preflight(parts: PreflightParts): Promise<Finding[]> {
  const { settings } = parts;
  const hosts = await Promise.all(settings.hosts.map((host) => examineHost(host, parts)));
  const reached = hosts.flatMap(({ examined }) => examined ?? []);
  try {
    return [
      ...hosts.flatMap(({ findings }) => findings),
      ...twins(reached),
      ...(await storageFindings(reached, settings)),
      ...(await migrationFindings(reached, parts)),
      ...(await powerFindings(parts, new Set(reached.map(({ host }) => host.id)))),
    ];
  } finally {
    for (const { hypervisor } of reached) hypervisor.close();
  }
}

/** Hosts that were installed from one image call themselves the same, and then refuse each other's guests. */
function twins(reached: readonly Examined[]): Finding[] {
  return reached.flatMap((one, index) => {
    const twin = reached.slice(0, index).find(({ uuid }) => uuid === one.uuid);
    if (twin === undefined) return [];
    return {
      about: `${twin.host.id} → ${one.host.id}`,
      check: 'identity',
      state: 'failed' as const,
      words: `both say that they are the host ${one.uuid}`,
      remedy: `If these are two machines, set host_uuid in libvirtd.conf (or virtqemud.conf) of ${one.host.id} to a uuid of its own and restart the daemon; if not, take one of them out of the configuration.`,
    };
  });
}
