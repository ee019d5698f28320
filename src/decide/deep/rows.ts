import { CPU, RESOURCES } from '../../domain/resources.ts';
import type { Row, Statement } from './statement.ts';

const unlimited = () => Number.POSITIVE_INFINITY;

/**
 * The resources of a statement. Where functions of authors ask for costs, sums of which there is never too much are among
 * them: variance, peaks, forecasts.
 */
export function rowsOf(statement: Statement, forAuthors: boolean): Row[] {
  const { draft } = statement;
  const counted = draft.counted.map(({ name, demand, capacity, heldWhileMoving }, c): Row => {
    return { name, demand, used: draft.countedUsed(c), capacity: (host) => capacity[host]!, isHeld: heldWhileMoving };
  });
  const builtIn = builtInRows(statement);
  if (!forAuthors) return [...builtIn.filter(({ demand }) => isWanted(demand)), ...counted];
  return [...builtIn, ...outlookRows(statement), ...counted];
}

/** As full as the profile allows, or as they are; what is packed must fit when all want their peaks again. */
function builtInRows({ draft, profile }: Statement): Row[] {
  const { hosts, vms } = draft.snapshot;
  return RESOURCES.map(({ name }, r): Row => {
    const used = draft.used(r);
    const ceiling = (host: number) => hosts.capacity[r]![host]! * profile.ceilings[name];
    const present = Float64Array.from({ length: used.length }, (_, host) => used[host]!);
    return {
      name,
      demand: vms.demand[r]!,
      used,
      capacity: (host) => Math.max(ceiling(host), present[host]!),
      isHeld: false,
    };
  });
}

function outlookRows({ draft, profile }: Statement): Row[] {
  const { hosts, vms } = draft.snapshot;
  const variance = Float64Array.from({ length: vms.ids.length }, (_, vm) => vms.cpuDeviationMhz[vm]! ** 2);
  const peaks = Float64Array.from({ length: hosts.ids.length }, (_, host) => draft.cpuPeak[host]!);
  const forPeaks = (host: number) => Math.max(hosts.capacity[CPU]![host]! * profile.ceilings.cpu, peaks[host]!);
  const row = (
    name: string,
    demand: ArrayLike<number>,
    used: ArrayLike<number>,
    capacity = unlimited as Row['capacity'],
  ) => {
    return { name, demand, used, capacity, isHeld: false };
  };
  return [
    row('cpu variance', variance, draft.cpuVariance),
    row('cpu peak', vms.cpuPeakMhz, draft.cpuPeak, forPeaks),
    row('cpu low', vms.cpuLowMhz, draft.cpuLow),
    row('cpu soon', vms.cpuSoonMhz, draft.cpuSoon),
    row('cpu later', vms.cpuLaterMhz, draft.cpuLater),
  ];
}

function isWanted(demand: ArrayLike<number>): boolean {
  for (let vm = 0; vm < demand.length; vm++) if (demand[vm] !== 0) return true;
  return false;
}
