import type { Column } from './columns.ts';
import type { VmId } from './vm.ts';

/** How much one VM sends to another, as an object. */
export interface Flow {
  readonly from: VmId;
  readonly to: VmId;
  readonly bytesPerS: number;
}

/**
 * Who talks to whom: a sparse matrix in compressed rows. Row v lists the peers of v with the bytes that pass between the
 * two in both directions, so each conversation stands in two rows; `flows` keeps it as declared.
 */
export interface Traffic {
  readonly flows: readonly Flow[];
  readonly rowStart: Column;
  readonly peer: Column;
  readonly bytesPerS: Column;
}

export function buildTraffic(flows: readonly Flow[], vmIndex: ReadonlyMap<VmId, number>): Traffic {
  const ends = conversations(flows, vmIndex);
  const rowStart = new Int32Array(vmIndex.size + 1);
  for (const end of ends) rowStart[end.vm + 1]! += 1;
  for (let v = 0; v < vmIndex.size; v++) rowStart[v + 1]! += rowStart[v]!;
  const place = rowStart.slice();
  const peer = new Int32Array(ends.length);
  const bytesPerS = new Float64Array(ends.length);
  for (const end of ends) {
    const at = place[end.vm]!++;
    peer[at] = end.peer;
    bytesPerS[at] = end.bytesPerS;
  }
  return { flows, rowStart, peer, bytesPerS };
}

interface End {
  readonly vm: number;
  readonly peer: number;
  bytesPerS: number;
}

/** Both directions of a pair added up, listed once from each end. */
function conversations(flows: readonly Flow[], vmIndex: ReadonlyMap<VmId, number>): End[] {
  const ends: End[] = [];
  const seen = new Map<number, number>();
  for (const flow of flows) {
    const from = vmIndex.get(flow.from);
    const to = vmIndex.get(flow.to);
    if (from === undefined || to === undefined || from === to) continue;
    const pair = Math.min(from, to) * vmIndex.size + Math.max(from, to);
    const known = seen.get(pair);
    if (known === undefined) {
      seen.set(pair, ends.length);
      ends.push({ vm: from, peer: to, bytesPerS: flow.bytesPerS }, { vm: to, peer: from, bytesPerS: flow.bytesPerS });
    } else {
      ends[known]!.bytesPerS += flow.bytesPerS;
      ends[known + 1]!.bytesPerS += flow.bytesPerS;
    }
  }
  return ends;
}
