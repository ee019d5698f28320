import type { Finding } from '../../domain/finding.ts';
import type { HostId } from '../../domain/host.ts';
import type { RemotePower } from '../../ports/remote-power.ts';
import type { LibvirtSettings } from './settings.ts';

export interface PowerParts {
  readonly settings: LibvirtSettings;
  readonly power?: RemotePower;
  readonly switched: ReadonlySet<HostId>;
}

/** Asks each power switch whether its host is on, which takes the way and the credentials that switching takes. */
export async function powerFindings(
  { settings, power, switched }: PowerParts,
  answering: ReadonlySet<HostId>,
): Promise<Finding[]> {
  if (power === undefined) return [];
  const hosts = settings.hosts.map(({ id }) => id).filter((id) => switched.has(id));
  return Promise.all(hosts.map((host) => powerFinding(host, power, answering.has(host))));
}

async function powerFinding(host: HostId, power: RemotePower, answers: boolean): Promise<Finding> {
  const common = { about: host, check: 'bmc' };
  try {
    const isOn = await power.isOn(host);
    if (isOn === undefined) return { ...common, state: 'unknown', words: 'cannot tell whether its host is on' };
    if (isOn || !answers) return { ...common, state: 'ok', words: `says that ${host} is ${isOn ? 'on' : 'off'}` };
    const remedy = `See whose address that is: the bmc of ${host} in the configuration is the one of another machine.`;
    return { ...common, state: 'failed', words: `says that ${host} is off, and ${host} answers`, remedy };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const remedy =
      'See that the BMC can be reached from here, that IPMI over LAN (or Redfish) is switched on there, and that user and password are right.';
    return { ...common, state: 'failed', words, remedy };
  }
}
