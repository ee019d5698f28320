import { readFileSync } from 'node:fs';
import type { LibvirtHostSettings } from '../config/libvirt.ts';
import type { HostId } from '../domain/host.ts';
import { IpmiSwitch } from '../drivers/ipmi/ipmi-switch.ts';
import type { Trust } from '../drivers/redfish/exchange.ts';
import { RedfishSwitch } from '../drivers/redfish/redfish-switch.ts';
import { type Switched, Switches } from '../drivers/remote-power/remote-power.ts';
import { WakeOnLanSwitch } from '../drivers/wake-on-lan/wake-on-lan-switch.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notes } from '../ports/notes.ts';
import type { PowerSwitch } from '../ports/power-switch.ts';
import type { RemotePower } from '../ports/remote-power.ts';

type BmcSettings = NonNullable<LibvirtHostSettings['bmc']>;
type RedfishSettings = Extract<BmcSettings, { kind: 'redfish' }>;
type Secretive = Exclude<BmcSettings, { kind: 'wake-on-lan' }>;

/** A BMC sees power at once; a host that is woken over the network is seen when it has booted. */
const BMC_SEES_WITHIN_SECONDS = 60;
const WAKES_WITHIN_SECONDS = 600;

/** What switches those hosts that can be switched; nothing where none can. Throws where a password cannot be had. */
export function remotePowerOf(
  hosts: readonly LibvirtHostSettings[],
  clock: Clock,
  notes: Notes,
  passwords: 'at once' | 'when asked for' = 'at once',
): RemotePower | undefined {
  const switched = new Map<HostId, Switched>();
  for (const { id, bmc, powerModel } of hosts) {
    if (bmc === undefined) continue;
    const { shutdownSeconds } = powerModel;
    const seenOnWithinSeconds = bmc.kind === 'wake-on-lan' ? WAKES_WITHIN_SECONDS : BMC_SEES_WITHIN_SECONDS;
    switched.set(id, { power: switchOf(id, bmc, clock, notes, passwords), shutdownSeconds, seenOnWithinSeconds });
  }
  return switched.size === 0 ? undefined : new Switches({ hosts: switched, clock });
}

function switchOf(
  id: HostId,
  bmc: BmcSettings,
  clock: Clock,
  notes: Notes,
  passwords: 'at once' | 'when asked for',
): PowerSwitch {
  if (bmc.kind === 'wake-on-lan') return new WakeOnLanSwitch({ host: { ...bmc, id }, clock, notes });
  const password = () => readPassword(id, bmc);
  // One that cannot be had now is told at the start, and not in the night.
  if (passwords === 'at once') password();
  if (bmc.kind === 'ipmi') return new IpmiSwitch({ ...bmc, password });
  const { user, system } = bmc;
  const named = system === undefined ? {} : { system };
  return new RedfishSwitch({ url: new URL(bmc.url), user, password, trust: trustOf(bmc), ...named });
}

function trustOf({ ca, fingerprint }: RedfishSettings): Trust {
  if (fingerprint !== undefined) return { kind: 'fingerprint', sha256: fingerprint };
  return ca === undefined ? { kind: 'authorities' } : { kind: 'authority', file: ca };
}

function readPassword(host: HostId, { passwordFile, passwordEnv }: Secretive): string {
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
