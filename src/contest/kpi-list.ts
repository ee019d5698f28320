import type { Run } from './run.ts';

/** One figure that runs are compared by. */
export interface KpiRow {
  readonly key: string;
  readonly title: string;
  readonly about: string;
  readonly unit: string;
  /** Decimals in tables. */
  readonly digits: number;
  /** Which way is better, where one is. */
  readonly wanted: 'less' | 'more' | 'either';
  /** Null: this run has nothing to say of it. */
  readonly of: (run: Run) => number | null;
}

const less = { digits: 2, wanted: 'less' } as const;
const either = { digits: 0, wanted: 'either' } as const;
const PER_CENT = 100;
const share = (of: (run: Run) => number) => ({ unit: '%', digits: 3, of: (run: Run) => PER_CENT * of(run) });

/** In the order of tables. */
export const KPI_ROWS: readonly KpiRow[] = [
  {
    key: 'cost',
    title: 'Cost',
    about: 'All that follows, by the prices that decisions are made by',
    unit: 'money',
    ...less,
    of: ({ kpis }) => kpis.cost,
  },
  {
    key: 'costEnergy',
    title: '  of energy',
    about: 'What was drawn, with what the building adds to it',
    unit: 'money',
    ...less,
    of: ({ kpis }) => kpis.costByTerm.energy,
  },
  {
    key: 'costStarvation',
    title: '  of starvation',
    about: 'Processor time that was wanted and not given',
    unit: 'money',
    ...less,
    of: ({ kpis }) => kpis.costByTerm.starvation,
  },
  {
    key: 'costTraffic',
    title: '  of traffic',
    about: 'What VMs said to each other across hosts, racks and sites',
    unit: 'money',
    ...less,
    of: ({ kpis }) => kpis.costByTerm.traffic,
  },
  {
    key: 'costMigrations',
    title: '  of migrations',
    about: 'Copying, slowing guests down, stopping them, and moving their sessions',
    unit: 'money',
    ...less,
    of: ({ kpis }) => kpis.costByTerm.migrations,
  },
  {
    key: 'costSwitching',
    title: '  of switching',
    about: 'The wear of power cycles; the energy of booting is in the energy',
    unit: 'money',
    ...less,
    of: ({ kpis }) => kpis.costByTerm.switching,
  },
  {
    key: 'energyKwh',
    title: 'Energy',
    about: 'Drawn by all hosts, exact between events',
    unit: 'kWh',
    ...less,
    of: ({ kpis }) => kpis.energyKwh,
  },
  {
    key: 'hostHoursOn',
    title: 'Host-hours on',
    about: 'Booting and shutting down counted',
    unit: 'h',
    digits: 1,
    wanted: 'less',
    of: ({ kpis }) => kpis.hostHoursOn,
  },
  {
    key: 'powerCycles',
    title: 'Power cycles',
    about: 'Times that a host was switched off',
    unit: '',
    digits: 0,
    wanted: 'less',
    of: ({ kpis }) => kpis.powerCycles,
  },
  {
    key: 'failedBoots',
    title: 'Failed boots',
    about: 'Hosts that were switched on and did not come up',
    unit: '',
    ...either,
    of: ({ kpis }) => kpis.failedBoots,
  },
  {
    key: 'migrations',
    title: 'Migrations',
    about: 'Done, live and quick',
    unit: '',
    digits: 0,
    wanted: 'less',
    of: ({ kpis }) => kpis.migrations,
  },
  {
    key: 'quickMigrations',
    title: '  of them quick',
    about: 'Saved, moved and restored',
    unit: '',
    ...either,
    of: ({ kpis }) => kpis.quickMigrations,
  },
  {
    key: 'brokenMigrations',
    title: 'Broken migrations',
    about: 'Begun, and then failed or cancelled',
    unit: '',
    digits: 0,
    wanted: 'less',
    of: ({ kpis }) => kpis.brokenMigrations,
  },
  {
    key: 'migratedGib',
    title: 'Copied',
    about: 'By migrations',
    unit: 'GiB',
    digits: 1,
    wanted: 'less',
    of: ({ kpis }) => kpis.migratedGib,
  },
  {
    key: 'blackoutSeconds',
    title: 'Blackout',
    about: 'Time in which migrated guests stood still, added up',
    unit: 's',
    ...less,
    of: ({ kpis }) => kpis.blackoutSeconds,
  },
  {
    key: 'sessionsMoved',
    title: 'Sessions moved',
    about: 'Live sessions on guests at the instant in which they were switched over',
    unit: '',
    digits: 0,
    wanted: 'less',
    of: ({ kpis }) => kpis.sessionsMoved,
  },
  {
    key: 'oscillations',
    title: 'Oscillations',
    about: 'Moves that brought a VM back within hours to where it had just come from',
    unit: '',
    digits: 0,
    wanted: 'less',
    of: ({ kpis }) => kpis.oscillations,
  },
  {
    key: 'starvedCoreHours',
    title: 'Starvation',
    about: 'Demanded and not served',
    unit: 'core-h',
    digits: 3,
    wanted: 'less',
    of: ({ kpis }) => kpis.starvedCoreHours,
  },
  {
    key: 'starvedVmTimeShare',
    title: 'Starved VM-time',
    about: 'Of the time of all VMs, that in which one got less than it wanted',
    wanted: 'less',
    ...share(({ kpis }) => kpis.starvedVmTimeShare),
  },
  {
    key: 'underAllocatedShare',
    title: 'Under-allocation',
    about: 'Of all that was demanded, what was not given',
    wanted: 'less',
    ...share(({ kpis }) => kpis.underAllocatedShare),
  },
  {
    key: 'slatahShare',
    title: 'SLATAH',
    about: 'Of the time of active hosts, that in which they gave less than was asked',
    wanted: 'less',
    ...share(({ kpis }) => kpis.slatahShare),
  },
  {
    key: 'pdmShare',
    title: 'PDM',
    about: 'Of all that was demanded, what migrations kept from guests',
    wanted: 'less',
    ...share(({ kpis }) => kpis.pdmShare),
  },
  {
    key: 'slav',
    title: 'SLAV',
    about: 'SLATAH times PDM',
    unit: '×10⁻⁵',
    digits: 3,
    wanted: 'less',
    of: ({ kpis }) => kpis.slav * 1e5,
  },
  {
    key: 'esv',
    title: 'ESV',
    about: 'SLAV times the energy in kWh',
    unit: '×10⁻³',
    digits: 3,
    wanted: 'less',
    of: ({ kpis }) => kpis.esv * 1e3,
  },
  {
    key: 'gbAcrossRacks',
    title: 'Across racks',
    about: 'What VMs said to each other from rack to rack',
    unit: 'GB',
    digits: 0,
    wanted: 'less',
    of: ({ kpis }) => kpis.gbAcrossRacks + kpis.gbAcrossSites,
  },
  {
    key: 'ruleViolations',
    title: 'Rule violations',
    about: 'Rules that came to be broken',
    unit: '',
    digits: 0,
    wanted: 'less',
    of: ({ loop }) => loop.ruleViolations,
  },
  {
    key: 'ruleViolationHours',
    title: '  for',
    about: 'How long rules were broken, added up',
    unit: 'h',
    ...less,
    of: ({ loop }) => loop.ruleViolationHours,
  },
  {
    key: 'forecastErrorShare',
    title: 'Forecast error',
    about: 'Of what each VM wanted, how far the forecast for "soon" was off',
    unit: '%',
    digits: 1,
    wanted: 'either',
    of: ({ loop }) => (loop.forecastErrorShare === null ? null : PER_CENT * loop.forecastErrorShare),
  },
];
