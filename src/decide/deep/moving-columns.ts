import { type AuthoredOnce, authoredOnce } from '../authored-once.ts';
import { OnceCosts } from '../once.ts';
import type { MovingPrices, Real, Small, Whole } from './model.ts';
import type { Statement } from './statement.ts';

/** With more speeds of migration networks than this, all count as the slowest. */
const MOST_SPEEDS = 16;
const NO_CREW = -1;

/** What moves cost once, with the margin that a change must earn. */
export function movingPrices(statement: Statement): MovingPrices {
  const { draft, policies, prices, profile } = statement;
  const authored = authoredOnce(draft, policies, prices);
  // Of several ways in which VMs take turns the first is searched for; decisions are judged by all of them.
  const crew = authored?.crews[0];
  const items = draft.hostOf.length;
  return {
    ...perItem(statement, authored),
    ...perPair(statement, authored),
    crew: crew === undefined ? new Int32Array(items).fill(NO_CREW) : Int32Array.from(crew.of),
    crews: crew?.count ?? 0,
    perMostMoved: (crew?.perMostMoved ?? 0) * profile.margin,
  };
}

function perItem({ draft, prices, profile }: Statement, authored: AuthoredOnce | undefined) {
  const { hosts, vms } = draft.snapshot;
  const core = new OnceCosts(draft.snapshot, prices);
  const ranked = [...new Set(Array.from(hosts.migrationBytesPerS))].sort((a, b) => a - b);
  const speeds = ranked.length > MOST_SPEEDS ? ranked.slice(0, 1) : ranked;
  const hostAt = speeds.map((speed) => Array.from(hosts.migrationBytesPerS).indexOf(speed));
  const item = new Float64Array(vms.ids.length * speeds.length);
  for (let vm = 0; vm < vms.ids.length; vm++) {
    const own = authored?.ofVm(vm) ?? 0;
    hostAt.forEach((host, s) => {
      item[vm * speeds.length + s] = profile.margin * (core.between(vm, host, host) + own);
    });
  }
  const speedOf = Int32Array.from(hosts.migrationBytesPerS, (speed) => Math.max(0, speeds.indexOf(speed)));
  return { item, speeds: Math.max(1, speeds.length), speedOf };
}

function perPair({ draft, policies, profile }: Statement, authored: AuthoredOnce | undefined) {
  const hosts = draft.vmCount.length;
  if (authored === undefined || policies.every(({ policy }) => policy.once?.hosts === undefined)) {
    return { hostClass: new Int32Array(hosts), classes: 1, between: new Uint8Array(1) };
  }
  const price = (at: number) => profile.margin * authored.ofHosts(Math.floor(at / hosts), at % hosts);
  const hostClass = Int32Array.from({ length: hosts }, (_, host) => host);
  return { hostClass, classes: hosts, between: inLeastMemory(hosts * hosts, price) };
}

const MOST_IN_BYTE = 255;

/** Whole numbers up to 255 in bytes, all others as they are: with thousands of hosts there are millions of pairs. */
function inLeastMemory(length: number, value: (at: number) => number): Real | Whole | Small {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const own = value(at);
    if (!Number.isInteger(own) || own < 0 || own > MOST_IN_BYTE) {
      const all = Float64Array.from(bytes);
      for (let rest = at; rest < length; rest++) all[rest] = value(rest);
      return all;
    }
    bytes[at] = own;
  }
  return bytes;
}
