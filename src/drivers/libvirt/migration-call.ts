import { MIB } from '../../domain/units.ts';
import type { MigrationOrder } from '../../ports/driver.ts';
import type { DomainRef, Hypervisor, MigrateCall } from './hypervisor.ts';
import { MIGRATE, ONLY_ACTIVE, ONLY_PERSISTENT } from './procedures.ts';
import type { MigrationSettings } from './settings.ts';
import type { SentParameter } from './typed-parameters.ts';

/** What the hypervisor of the source is to be told; nothing where the VM does not run there. */
export async function migrateCallOf(
  source: Hypervisor,
  uuid: string,
  targetUri: string,
  order: Pick<MigrationOrder, 'mostBytesPerS'>,
  settings: MigrationSettings,
): Promise<MigrateCall | undefined> {
  const same = (domain: DomainRef) => domain.uuid === uuid;
  const [running, lasting] = await Promise.all([
    source.domains(ONLY_ACTIVE),
    source.domains(ONLY_ACTIVE | ONLY_PERSISTENT),
  ]);
  const domain = running.find(same);
  if (domain === undefined) return undefined;
  const isLasting = lasting.some(same);
  const call = { domain, parameters: parametersOf(order, settings), flags: flagsOf(settings, isLasting) };
  return settings.control === 'managed' ? call : { ...call, targetUri };
}

/** What is defined on the source is defined on the target afterwards, and nowhere else. */
function flagsOf(settings: MigrationSettings, isLasting: boolean): number {
  let flags: number = MIGRATE.live | MIGRATE.abortOnError;
  if (settings.control === 'peer-to-peer') flags |= MIGRATE.peerToPeer;
  if (isLasting) flags |= MIGRATE.persistOnTarget | MIGRATE.undefineOnSource;
  if (settings.autoConverge) flags |= MIGRATE.autoConverge;
  if (settings.compressed) flags |= MIGRATE.compressed;
  if (settings.postCopy) flags |= MIGRATE.postCopy;
  if (settings.parallelConnections > 1) flags |= MIGRATE.parallel;
  return flags;
}

function parametersOf(
  { mostBytesPerS = Infinity }: Pick<MigrationOrder, 'mostBytesPerS'>,
  { mostMibPerS, parallelConnections }: MigrationSettings,
): SentParameter[] {
  const most = Math.min(Math.max(1, Math.floor(mostBytesPerS / MIB)), mostMibPerS === 0 ? Infinity : mostMibPerS);
  const parameters: SentParameter[] = [];
  if (most < Infinity) parameters.push({ name: 'bandwidth', as: 'ullong', value: most });
  if (parallelConnections > 1) parameters.push({ name: 'parallel.connections', as: 'int', value: parallelConnections });
  return parameters;
}
