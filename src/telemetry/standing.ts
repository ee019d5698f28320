import type { StepState, StepStatus } from '../domain/plan.ts';
import type { Limits, Prices } from '../domain/profile.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { HOUR, SECOND } from '../domain/units.ts';
import { type StepKind, stepKind } from './catalogue/labels.ts';
import { SAMPLE_LOSSES, TROUBLES_BY } from './catalogue/loop.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Instruments } from './instruments.ts';
import { limitRows, limitUsedRows } from './limit-rows.ts';
import { reasonKind } from './reason-kind.ts';

export interface PolicyState {
  readonly id: string;
  readonly version: string;
  /** Empty when all is well. */
  readonly trouble: string;
}

export interface CauseCount {
  readonly kind: 'host' | 'vm';
  readonly cause: string;
  readonly count: number;
}

/** How things stand: what is asked when somebody scrapes, because it does not happen but lasts. */
export interface Standing {
  readonly nowMs: number;
  readonly isReady: boolean;
  /** Those that have ended do not count. */
  readonly steps: readonly StepStatus[];
  readonly plansWaiting: number;
  readonly suspects: number;
  readonly troubles: Readonly<Record<(typeof TROUBLES_BY)[number], number>>;
  readonly limits: Limits;
  readonly spareHosts: number;
  readonly prices: Prices;
  /** Since the start. */
  readonly refusedSamples: readonly CauseCount[];
  readonly lostSamples: Readonly<Record<(typeof SAMPLE_LOSSES)[number], number>>;
}

/** What of the newest snapshot ages, or takes tokens. */
export interface Seen {
  readonly snapshot: Snapshot;
  readonly oldestAgeMs: number;
}

export function tellStanding(to: Instruments, standing: Standing, seen: Seen | undefined): void {
  to.set(CATALOGUE.ready, Number(standing.isReady));
  to.set(CATALOGUE.plansWaiting, standing.plansWaiting);
  to.set(CATALOGUE.hostsSuspect, standing.suspects);
  to.set(CATALOGUE.failoverWanted, standing.spareHosts);
  for (const by of TROUBLES_BY) to.set(CATALOGUE.troubles, standing.troubles[by], { by });
  tellAges(to, standing.nowMs, seen);
  tellSamples(to, standing);
  tellSteps(to, standing, seen);
  tellPrice(to, standing.prices);
}

function tellAges(to: Instruments, nowMs: number, seen: Seen | undefined): void {
  if (seen === undefined) return;
  const ageMs = Math.max(0, nowMs - seen.snapshot.atMs);
  to.set(CATALOGUE.snapshotAge, ageMs / SECOND);
  to.set(CATALOGUE.oldestAge, (ageMs + seen.oldestAgeMs) / SECOND);
}

function tellSamples(to: Instruments, { refusedSamples, lostSamples }: Standing): void {
  for (const { kind, cause, count } of refusedSamples) to.raiseTo(CATALOGUE.samplesRefused, count, { kind, cause });
  for (const cause of SAMPLE_LOSSES) to.raiseTo(CATALOGUE.samplesLeftOut, lostSamples[cause], { cause });
}

export function tellPolicies(to: Instruments, policies: readonly PolicyState[]): void {
  to.replace(
    CATALOGUE.policyInfo,
    policies.map(({ id, version }) => ({ labels: { policy: id, version }, value: 1 })),
  );
  to.replace(
    CATALOGUE.policyTrouble,
    policies.map(({ id, trouble }) => ({ labels: { policy: id }, value: Number(trouble !== '') })),
  );
}

function tellSteps(to: Instruments, { steps, limits }: Standing, seen: Seen | undefined): void {
  const counts = new Map<string, { labels: { kind: StepKind; state: StepState }; value: number }>();
  for (const { step, state } of steps) {
    const kind = stepKind(step.change);
    const row = counts.get(`${kind} ${state}`) ?? { labels: { kind, state }, value: 0 };
    row.value += 1;
    counts.set(`${kind} ${state}`, row);
  }
  to.replace(CATALOGUE.stepsStanding, counts.values());
  to.replace(CATALOGUE.limit, limitRows(limits));
  to.replace(CATALOGUE.limitUsed, limitUsedRows(steps, seen?.snapshot, limits));
}

/** Reasons read before others have a turn. */
const REASONS_AT_ONCE = 1000;

/** What queued steps wait for. There may be many of them, so it pauses now and then. */
export function* tellWaiting(to: Instruments, steps: readonly StepStatus[]): Generator<void> {
  const counts = new Map<string, number>();
  let read = 0;
  for (const { state, because, step } of steps) {
    if (state !== 'queued' || because === '') continue;
    const reason = reasonKind(because, step.change);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
    if (++read % REASONS_AT_ONCE === 0) yield;
  }
  to.replace(
    CATALOGUE.stepsWaiting,
    [...counts].map(([reason, value]) => ({ labels: { reason }, value })),
  );
}

const WATTS_PER_KILOWATT = 1000;
const JOULES_PER_KWH = (WATTS_PER_KILOWATT * HOUR) / SECOND;

function tellPrice(to: Instruments, { currency, perKwh, pue }: Prices): void {
  to.replace(CATALOGUE.energyPrice, [{ labels: { currency }, value: (perKwh * pue) / JOULES_PER_KWH }]);
}
