import type { Flow } from '../domain/traffic.ts';
import { KIB, MIB } from '../domain/units.ts';
import type { Vm } from '../domain/vm.ts';
import type { ServiceDraft, VmDraft } from './generate-services.ts';
import { longTailed, oneOf, roundedByChance, type SeededRandom } from './random.ts';

const WITHIN_SERVICE_SHARE = 0.92;
const TYPICAL_BYTES_PER_S = 300 * KIB;
const CHATTY_BYTES_PER_S = 12 * MIB;

/** So many flows per VM: first around the service, so that all of it hangs together, then by chance, a few to others. */
export function generateFlows(services: readonly ServiceDraft[], flowsPerVm: number, random: SeededRandom): Flow[] {
  const flows: Flow[] = [];
  const pairs = new Set<string>();
  for (const service of services) {
    const typical = service.isChatty ? CHATTY_BYTES_PER_S : TYPICAL_BYTES_PER_S;
    const count = roundedByChance(random, service.members.length * flowsPerVm);
    for (let i = 0; i < count; i++) {
      const from = service.members[i % service.members.length]!;
      const to = peerOf(from, i, service, services, random);
      const pair = `${from.id} ${to.id}`;
      if (from === to || pairs.has(pair)) continue;
      pairs.add(pair);
      flows.push({ from: from.id, to: to.id, bytesPerS: Math.round(typical * longTailed(random, 0.8)) });
    }
  }
  return flows;
}

function peerOf(
  from: VmDraft,
  flow: number,
  { members }: ServiceDraft,
  services: readonly ServiceDraft[],
  random: SeededRandom,
): VmDraft {
  if (flow < members.length) return members[(flow + 1) % members.length] ?? from;
  return random.next() < WITHIN_SERVICE_SHARE ? oneOf(random, members) : oneOf(random, oneOf(random, services).members);
}

/** What VMs say to each other passes through their ports too. */
export function withTraffic(vms: readonly Vm[], flows: readonly Flow[]): Vm[] {
  const sent = new Map<string, number>();
  const received = new Map<string, number>();
  for (const { from, to, bytesPerS } of flows) {
    sent.set(from, (sent.get(from) ?? 0) + bytesPerS);
    received.set(to, (received.get(to) ?? 0) + bytesPerS);
  }
  return vms.map((vm) => ({
    ...vm,
    demand: {
      ...vm.demand,
      netRxBytesPerS: vm.demand.netRxBytesPerS + (received.get(vm.id) ?? 0),
      netTxBytesPerS: vm.demand.netTxBytesPerS + (sent.get(vm.id) ?? 0),
    },
  }));
}
