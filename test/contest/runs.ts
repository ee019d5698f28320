/** Runs whose figures are what a test says they are. */
import type { Run } from '../../src/contest/run.ts';
import type { Kpis } from '../../src/simulator/kpis.ts';
import { NOON_MS } from '../kit/fleet.ts';

const KPIS: Kpis = {
  hours: 1,
  energyKwh: 10,
  cost: 5,
  costByTerm: { energy: 4, starvation: 1, traffic: 0, migrations: 0, switching: 0 },
  migrations: 3,
  quickMigrations: 0,
  brokenMigrations: 0,
  migratedGib: 12,
  migrationMinutes: 1,
  blackoutSeconds: 0.2,
  sessionsMoved: 0,
  oscillations: 0,
  starvedCoreHours: 1,
  starvedVmTimeShare: 0.01,
  underAllocatedShare: 0.01,
  slatahShare: 0.1,
  pdmShare: 0.01,
  slav: 0.001,
  esv: 0.01,
  hostHoursOn: 8,
  powerCycles: 1,
  failedBoots: 0,
  gbAcrossHosts: 1,
  gbAcrossRacks: 2,
  gbAcrossSites: 3,
};

export function aRun(traits: Partial<Omit<Run, 'kpis'>> & { readonly kpis?: Partial<Kpis> } = {}): Run {
  const points = [1, 2, 3].map((point) => NOON_MS + point * 300_000);
  const flat = (value: number) => points.map(() => value);
  return {
    contender: 'usual',
    seed: 1,
    loop: {
      cycles: 3,
      ruleViolations: 0,
      ruleViolationHours: 0,
      forecastErrorShare: null,
      reckonedCostByTerm: { power: 4 },
    },
    series: {
      atMs: points,
      watts: flat(1000),
      hostsOn: flat(4),
      loadLow: flat(0.1),
      loadMiddle: flat(0.4),
      loadHigh: flat(0.8),
      loadMost: flat(1.1),
      migrations: [0, 3, 0],
      starvedCores: flat(0),
      costPerHour: { energy: flat(4), starvation: flat(1), traffic: flat(0), migrations: flat(0), switching: flat(0) },
    },
    deeds: [],
    ...traits,
    kpis: { ...KPIS, ...traits.kpis },
  };
}
