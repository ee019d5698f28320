/** What is measured. Host and VM metrics share one list, so that a sample is three numbers and a time. */
export const METRICS = [
  'cpuMhz',
  'memoryActiveBytes',
  'netRxBytesPerS',
  'netTxBytesPerS',
  'dirtyBytesPerS',
  'liveSessions',
  'powerWatts',
  /** Processor time where the clock is not known: as many MHz as the host's cores have. */
  'cpuCores',
] as const;
export type Metric = (typeof METRICS)[number];

const BYTES = { bytes: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const BYTES_PER_S = { 'bytes/s': 1, 'KiB/s': 2 ** 10, 'MiB/s': 2 ** 20, 'bits/s': 1 / 8, 'Mbit/s': 125_000 };

/** In which units each metric can be told, and by what to multiply them. */
export const METRIC_UNITS: Readonly<Record<Metric, Readonly<Record<string, number>>>> = {
  cpuMhz: { MHz: 1, GHz: 1000, Hz: 1e-6 },
  memoryActiveBytes: BYTES,
  netRxBytesPerS: BYTES_PER_S,
  netTxBytesPerS: BYTES_PER_S,
  dirtyBytesPerS: BYTES_PER_S,
  liveSessions: { count: 1 },
  powerWatts: { W: 1, kW: 1000 },
  cpuCores: { cores: 1, millicores: 0.001, 'percent of a core': 0.01 },
};
