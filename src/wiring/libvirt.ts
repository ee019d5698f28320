import { readFileSync } from 'node:fs';
import type { LibvirtHostSettings, LibvirtSettings } from '../config/libvirt.ts';
import type { HostId } from '../domain/host.ts';
import type { Refusal } from '../domain/rule.ts';
import { IpmiPower } from '../drivers/ipmi/ipmi-power.ts';
import type { Bmc } from '../drivers/ipmi/ipmitool.ts';
import { LibvirtDriver } from '../drivers/libvirt/libvirt-driver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

type BmcSettings = NonNullable<LibvirtHostSettings['bmc']>;

/** Real hosts, and what switches those of them that have a BMC. */
export function openLibvirt(
  settings: LibvirtSettings,
  clock: Clock,
  log: Log,
): LibvirtDriver | Pick<Refusal, 'because'> {
  try {
    const bmcs = bmcsOf(settings.hosts);
    const shutdownSeconds = Math.max(...settings.hosts.map(({ powerModel }) => powerModel.shutdownSeconds));
    const power = bmcs.size === 0 ? {} : { power: new IpmiPower({ bmcs, clock, shutdownSeconds }) };
    return LibvirtDriver.open({ settings, clock, log, ...power });
  } catch (error) {
    return { because: error instanceof Error ? error.message : String(error) };
  }
}

/** A password that cannot be had now is told at the start, and not in the night. */
function bmcsOf(hosts: readonly LibvirtHostSettings[]): Map<HostId, Bmc> {
  const bmcs = new Map<HostId, Bmc>();
  for (const { id, bmc } of hosts) {
    if (bmc === undefined) continue;
    const { address, port, user } = bmc;
    const password = () => passwordOf(id, bmc);
    password();
    bmcs.set(id, { address, port, user, password });
  }
  return bmcs;
}

function passwordOf(host: HostId, { passwordFile, passwordEnv }: BmcSettings): string {
  if (passwordEnv !== undefined) {
    const password = process.env[passwordEnv];
    if (password !== undefined && password !== '') return password;
    throw new Error(`the bmc of ${host}: the environment has no ${passwordEnv}, which should hold its password`);
  }
  try {
    return readFileSync(passwordFile ?? '', 'utf8').trimEnd();
  } catch {
    throw new Error(`the bmc of ${host}: ${passwordFile} cannot be read, which should hold its password`);
  }
}
