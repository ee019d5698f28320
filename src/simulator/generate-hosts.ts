import type { Host } from '../domain/host.ts';
import { HOST_DEFAULTS } from '../domain/host.ts';
import { NOTHING } from '../domain/resources.ts';
import { GIB } from '../domain/units.ts';
import type { HostKind } from './host-kinds.ts';
import { HOST_KINDS } from './host-kinds.ts';
import type { SeededRandom } from './random.ts';
import { oneOf } from './random.ts';

const RACKS_PER_SITE = 24;
const STORAGES_PER_SITE = 3;
/** One rack in so many has no way to the VLAN of the outside world. */
const RACKS_PER_INNER_RACK = 4;
export const OUTER_VLAN = 'dmz';
export const TIER_VLANS = ['web', 'app', 'data'];
const MOST_RESERVED_CORES = 1;
const MOST_RESERVED_MEMORY_BYTES = 4 * GIB;
/** Small servers do not give that much away. */
const RESERVED_SHARE = 1 / 16;

/** Hosts rack by rack; each rack is of one make and stands in one site, whose storages all of its hosts see. */
export function generateHosts(count: number, racks: number, random: SeededRandom, makes = HOST_KINDS): Host[] {
  const kinds = Array.from({ length: racks }, (_, rack) => makes[rack] ?? oneOf(random, makes));
  const digits = String(count).length;
  return Array.from({ length: count }, (_, i) => {
    const rack = Math.floor((i * racks) / count);
    return hostOf(`h${String(i + 1).padStart(digits, '0')}`, rack, kinds[rack]!);
  });
}

function hostOf(id: string, rack: number, kind: HostKind): Host {
  const site = Math.floor(rack / RACKS_PER_SITE) + 1;
  const isInner = rack % RACKS_PER_INNER_RACK === RACKS_PER_INNER_RACK - 1;
  return {
    ...HOST_DEFAULTS,
    id,
    capacity: {
      ...NOTHING,
      cpuMhz: kind.cores * kind.coreMhz,
      memoryBytes: kind.memoryBytes,
      netRxBytesPerS: kind.nicBytesPerS,
      netTxBytesPerS: kind.nicBytesPerS,
    },
    reserved: {
      ...NOTHING,
      cpuMhz: Math.min(MOST_RESERVED_CORES, kind.cores * RESERVED_SHARE) * kind.coreMhz,
      memoryBytes: Math.min(MOST_RESERVED_MEMORY_BYTES, kind.memoryBytes * RESERVED_SHARE),
    },
    cores: kind.cores,
    migrationBytesPerS: kind.migrationBytesPerS,
    cpu: kind.cpu,
    subnet: `10.${site}.0.0/16`,
    storages: Array.from({ length: STORAGES_PER_SITE }, (_, storage) => `site${site}-san${storage + 1}`),
    vlans: isInner ? TIER_VLANS : [...TIER_VLANS, OUTER_VLAN],
    rack: `r${rack + 1}`,
    site: `site${site}`,
    labels: { kind: kind.name },
    powerModel: kind.powerModel,
  };
}
