/** From the daemon's values to what the API says. Pure. */
import type { DaemonStatus, PlanStatus } from '../daemon/queries.ts';
import { changeWords } from '../domain/change.ts';
import type { Verdicts } from '../domain/decision.ts';
import { decisionWords, planWords } from '../domain/decision-words.ts';
import type { HostId } from '../domain/host.ts';
import { hostAt, vmAt } from '../domain/inventory.ts';
import { ENDED, type Step, type StepStatus } from '../domain/plan.ts';
import { ON, POWER_STATES, type PowerState } from '../domain/power.ts';
import { countRefusals } from '../domain/refusals.ts';
import { amountsOf, CPU, RESOURCES, type ResourceName } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { SECOND } from '../domain/units.ts';
import { countOf, figuresOf, shareOf } from '../telemetry/fleet-figures.ts';
import type {
  DecisionView,
  FleetView,
  HistoryPoint,
  HostDetail,
  HostStatus,
  PlanDetail,
  PlannedStep,
  PlanView,
  Shares,
  StatusView,
  StepView,
  VmStatus,
} from './api.ts';

export function statusView(
  status: DaemonStatus,
  snapshot: Snapshot | undefined,
  newest: Verdicts | undefined,
): StatusView {
  return { ...status, fleet: snapshot === undefined ? null : fleetView(snapshot, newest) };
}

export function fleetView(snapshot: Snapshot, newest: Verdicts | undefined): FleetView {
  const figures = figuresOf(snapshot);
  return {
    snapshotVersion: snapshot.version,
    atMs: snapshot.atMs,
    hosts: snapshot.hosts.ids.length,
    hostsByPower: hostsByPower(snapshot),
    vms: snapshot.vms.ids.length,
    migrations: snapshot.flights.length,
    watts: figures.totalWatts,
    savedWatts: figures.savedWatts,
    share: sharesOf((r) => figures.shareOfOn[r]!),
    costPerHour: newest?.efficacy.costBeforePerHour ?? null,
    violations: newest?.violations.length ?? 0,
    staysOn: countRefusals(staysOnNow(snapshot, newest).map(({ refusal }) => refusal)),
  };
}

/** Hosts that are to be switched on first are no hosts that stay on. */
function staysOnNow({ hosts }: Snapshot, newest: Verdicts | undefined): NonNullable<Verdicts['staysOn']> {
  const isOn = (id: HostId) => hosts.power[hosts.index.get(id) ?? -1] === ON;
  return (newest?.staysOn ?? []).filter(({ host }) => isOn(host));
}

export function historyPoint(snapshot: Snapshot): HistoryPoint {
  const { hostsOn, totalWatts, shareOfOn } = figuresOf(snapshot);
  return { atMs: snapshot.atMs, hostsOn, cpuShare: shareOfOn[CPU]!, watts: totalWatts };
}

export function hostStatus(snapshot: Snapshot, h: number, newest?: Verdicts): HostStatus {
  const { hosts, pools } = snapshot;
  const { used, vmCount, watts, arriving, departing } = figuresOf(snapshot);
  return {
    id: hosts.ids[h]!,
    power: POWER_STATES[hosts.power[h]!]!,
    rack: pools.texts[hosts.rackText[h]!]!,
    site: pools.texts[hosts.siteText[h]!]!,
    known: hosts.known[h] === 1,
    doubt: pools.doubts[hosts.doubt[h]!]!,
    maintenance: hosts.maintenance[h] === 1,
    vmCount: vmCount[h]!,
    arriving: arriving[h]!,
    departing: departing[h]!,
    used: amountsOf((r) => used[r]![h]!),
    capacity: amountsOf((r) => hosts.capacity[r]![h]!),
    share: sharesOf((r) => shareOf(used[r]![h]!, hosts.capacity[r]![h]!)),
    watts: watts[h]!,
    staysOn: newest?.staysOn?.find(({ host }) => host === hosts.ids[h])?.refusal ?? null,
  };
}

export function hostDetail(snapshot: Snapshot, h: number, newest?: Verdicts): HostDetail {
  const { cores, cpu, subnet, storages, vlans, labels, powerModel } = hostAt(snapshot, h);
  return {
    ...hostStatus(snapshot, h, newest),
    make: { cores, cpu, subnet, storages, vlans, labels, powerModel },
    vms: snapshot.vms.ids.filter((_, v) => snapshot.vms.host[v] === h),
  };
}

export function vmStatuses(snapshot: Snapshot, indices: readonly number[]): VmStatus[] {
  const targets = new Map(snapshot.flights.map((flight) => [flight.vm, flight.to]));
  return indices.map((v) => {
    const vm = vmAt(snapshot, v);
    return { ...vm, movingTo: targets.get(vm.id) ?? null };
  });
}

export function decisionViews(verdicts: Verdicts, currency: string): DecisionView[] {
  return verdicts.decisions.map((decision) => ({
    ...decision,
    atMs: verdicts.atMs,
    snapshotVersion: verdicts.snapshotVersion,
    accepted: decision.refusal === undefined,
    words: decisionWords(decision, currency),
  }));
}

export function planView({ plan, state }: PlanStatus): PlanView {
  const { id, atMs, makespanMs, lowerBoundMs } = plan;
  return { id, atMs, state, makespanMs, lowerBoundMs, stepCount: plan.steps.length, words: planWords(plan) };
}

export function planDetail(status: PlanStatus, known: readonly DecisionView[]): PlanDetail {
  const steps = status.plan.steps.map(plannedStep);
  const byId = new Map(known.map((decision) => [decision.id, decision]));
  const decisions = [...new Set(steps.map(({ decision }) => decision))].flatMap((id) => byId.get(id) ?? []);
  return { ...planView(status), steps, decisions, impossible: status.plan.impossible };
}

export function plannedStep({ id, decision, after, startsAtMs, endsAtMs, change }: Step): PlannedStep {
  return { id, change, decision, after, startsAtMs, endsAtMs, words: changeWords(change) };
}

export function stepView(status: StepStatus, nowMs: number): StepView {
  const words = changeWords(status.step.change);
  if (ENDED.has(status.state)) return { ...status, words, share: status.state === 'done' ? 1 : null, remainingMs: 0 };
  if (status.startedAtMs === null) return { ...status, words, share: null, remainingMs: null };
  // It waits for its hooks: nothing has been copied.
  if (status.state === 'preparing' && status.because !== '') return { ...status, words, share: 0, remainingMs: null };
  return { ...status, words, ...(byBytes(status) ?? byTime(status, status.startedAtMs, nowMs)) };
}

type HowFar = Pick<StepView, 'share' | 'remainingMs'>;

function byBytes({ progress }: StepStatus): HowFar | undefined {
  if (progress === null || progress.bytesPerS <= 0) return undefined;
  const total = progress.copiedBytes + progress.remainingBytes;
  return {
    share: total > 0 ? progress.copiedBytes / total : 0,
    remainingMs: (progress.remainingBytes / progress.bytesPerS) * SECOND,
  };
}

function byTime({ step }: StepStatus, startedAtMs: number, nowMs: number): HowFar {
  const expectedMs = step.endsAtMs - step.startsAtMs;
  const goneMs = Math.max(0, nowMs - startedAtMs);
  return {
    share: expectedMs > 0 ? Math.min(1, goneMs / expectedMs) : 0,
    remainingMs: Math.max(0, expectedMs - goneMs),
  };
}

function hostsByPower({ hosts }: Snapshot): Readonly<Record<PowerState, number>> {
  const counts: Partial<Record<PowerState, number>> = {};
  POWER_STATES.forEach((state, number) => {
    counts[state] = countOf(hosts.power, number);
  });
  return counts as Record<PowerState, number>;
}

function sharesOf(read: (resource: number) => number): Shares {
  const shares: Partial<Record<ResourceName, number>> = {};
  RESOURCES.forEach(({ name }, r) => {
    shares[name] = read(r);
  });
  return shares as Shares;
}
