import type { LoopFigures } from '../../contest/run.ts';
import type { Verdicts } from '../../domain/decision.ts';
import type { Violation } from '../../domain/rule.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { HOUR, MINUTE } from '../../domain/units.ts';

interface Foreseen {
  readonly dueAtMs: number;
  readonly ids: readonly string[];
  readonly cpuMhz: Float64Array;
}

/** What the loop saw and said, added up cycle by cycle. */
export class LoopBook {
  readonly #soonMs: number;
  readonly #foreseen: Foreseen[] = [];
  readonly #reckoned = new Map<string, number>();
  #broken = new Set<string>();
  #lastAtMs = Number.NaN;
  #cycles = 0;
  #violations = 0;
  #violationHours = 0;
  #off = 0;
  #wanted = 0;

  constructor(soonMinutes: number) {
    this.#soonMs = soonMinutes * MINUTE;
  }

  cycle(snapshot: Snapshot, verdicts: Verdicts | undefined): void {
    const hours = Number.isNaN(this.#lastAtMs) ? 0 : (snapshot.atMs - this.#lastAtMs) / HOUR;
    this.#lastAtMs = snapshot.atMs;
    this.#cycles += 1;
    this.#score(snapshot);
    this.#foresee(snapshot);
    this.#violationHours += this.#broken.size * hours;
    if (verdicts === undefined) return;
    this.#noteViolations(verdicts.violations);
    for (const { term, beforePerHour } of verdicts.terms) {
      this.#reckoned.set(term, (this.#reckoned.get(term) ?? 0) + beforePerHour * hours);
    }
  }

  figures(): LoopFigures {
    return {
      cycles: this.#cycles,
      ruleViolations: this.#violations,
      ruleViolationHours: this.#violationHours,
      forecastErrorShare: this.#wanted === 0 ? null : this.#off / this.#wanted,
      reckonedCostByTerm: Object.fromEntries([...this.#reckoned].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }

  #noteViolations(violations: readonly Violation[]): void {
    const now = new Set(violations.map(({ rule, host, vms }) => JSON.stringify([rule, host, vms])));
    for (const key of now) if (!this.#broken.has(key)) this.#violations += 1;
    this.#broken = now;
  }

  #foresee({ atMs, vms }: Snapshot): void {
    this.#foreseen.push({ dueAtMs: atMs + this.#soonMs, ids: vms.ids, cpuMhz: Float64Array.from(vms.cpuSoonMhz) });
  }

  /** A forecast that has come due is held against the first snapshot from then on. */
  #score({ atMs, vms }: Snapshot): void {
    let due: Foreseen | undefined;
    while (this.#foreseen[0] !== undefined && this.#foreseen[0].dueAtMs <= atMs) due = this.#foreseen.shift();
    if (due === undefined || due.ids !== vms.ids) return;
    const [cpu] = vms.demand;
    for (let vm = 0; vm < due.cpuMhz.length; vm++) {
      if (vms.known[vm] !== 1) continue;
      this.#off += Math.abs(due.cpuMhz[vm]! - cpu![vm]!);
      this.#wanted += cpu![vm]!;
    }
  }
}
