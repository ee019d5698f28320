import type { Host } from '../domain/host.ts';
import { NOTHING } from '../domain/resources.ts';
import { GBIT_PER_S } from '../domain/units.ts';
import type { Vm } from '../domain/vm.ts';
import { fromDemand, VM_DEFAULTS } from '../domain/vm.ts';
import { OUTER_VLAN } from './generate-hosts.ts';
import type { VmDraft } from './generate-services.ts';
import { between, longTailed, oneOf, type SeededRandom } from './random.ts';

const SHARE_WITH_SUBNET = 0.1;
const SHARE_OF_WEB_OUTSIDE = 0.3;
const SHARE_WITH_VENDOR = 0.15;
const SHARE_WITH_FEATURE = 0.1;
const SHARE_PASSED_THROUGH = 0.003;
const OUTSIDE_BYTES_PER_S = GBIT_PER_S / 500;

/** The VM at its place. Whatever it needs, its host has. */
export function settleVm(draft: VmDraft, service: string, host: Host, random: SeededRandom): Vm {
  const { id, tier, vcpus, cpuMhz, memoryBytes, dirtyBytesPerS } = draft;
  const outsideBytesPerS = tier === 'web' ? OUTSIDE_BYTES_PER_S * longTailed(random, 0.8) : 0;
  const demand = {
    ...NOTHING,
    cpuMhz,
    memoryBytes,
    netRxBytesPerS: outsideBytesPerS / 5,
    netTxBytesPerS: outsideBytesPerS,
  };
  return {
    ...VM_DEFAULTS,
    ...fromDemand(demand),
    id,
    host: host.id,
    vcpus,
    demand,
    cpuDeviationMhz: cpuMhz * between(random, 0.05, 0.2),
    cpuPeakMhz: cpuMhz * between(random, 1.1, 1.4),
    memoryActiveBytes: memoryBytes * between(random, 0.3, 0.6),
    dirtyBytesPerS,
    storages: [oneOf(random, host.storages)],
    vlans: vlansOf(tier, host, random),
    subnet: random.next() < SHARE_WITH_SUBNET ? host.subnet : '',
    cpuNeeds: cpuNeedsOf(host, random),
    labels: { service },
    tier,
    liveSessions: tier === 'web' ? Math.round(60 * longTailed(random, 0.8)) : 0,
    migratable: random.next() >= SHARE_PASSED_THROUGH,
  };
}

function vlansOf(tier: string, host: Host, random: SeededRandom): string[] {
  const isOutside = tier === 'web' && random.next() < SHARE_OF_WEB_OUTSIDE && host.vlans.includes(OUTER_VLAN);
  return isOutside ? [tier, OUTER_VLAN] : [tier];
}

function cpuNeedsOf(host: Host, random: SeededRandom): Vm['cpuNeeds'] {
  return {
    vendor: random.next() < SHARE_WITH_VENDOR ? host.cpu.vendor : '',
    features: random.next() < SHARE_WITH_FEATURE ? [oneOf(random, host.cpu.features)] : [],
  };
}
