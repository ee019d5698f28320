import type { CpuKind } from '../domain/host.ts';
import type { PowerModel } from '../domain/power.ts';
import { GBIT_PER_S, GIB } from '../domain/units.ts';

/** A make of server. */
export interface HostKind {
  readonly name: string;
  readonly cores: number;
  readonly coreMhz: number;
  readonly memoryBytes: number;
  readonly nicBytesPerS: number;
  readonly migrationBytesPerS: number;
  readonly cpu: CpuKind;
  readonly powerModel: PowerModel;
}

const BASE_FEATURES = ['aes', 'avx', 'avx2', 'sse4.2'];
const TIMES = { offWatts: 6, bootSeconds: 180, shutdownSeconds: 60 };

/** Curves have the shape of published SPECpower results of two-socket servers: steep from idle, flat, steep at the end. */
export const HOST_KINDS: readonly HostKind[] = [
  {
    name: 'xeon-28',
    cores: 28,
    coreMhz: 2400,
    memoryBytes: 256 * GIB,
    nicBytesPerS: 10 * GBIT_PER_S,
    migrationBytesPerS: 2 * GBIT_PER_S,
    cpu: { vendor: 'Intel', model: 'Broadwell', features: BASE_FEATURES },
    powerModel: { watts: [62, 98, 118, 136, 155, 174, 196, 223, 256, 291, 325], ...TIMES },
  },
  {
    name: 'xeon-40',
    cores: 40,
    coreMhz: 2500,
    memoryBytes: 384 * GIB,
    nicBytesPerS: 25 * GBIT_PER_S,
    migrationBytesPerS: 2.5 * GBIT_PER_S,
    cpu: { vendor: 'Intel', model: 'Cascadelake', features: [...BASE_FEATURES, 'avx512f'] },
    powerModel: { watts: [58, 104, 127, 150, 174, 199, 228, 263, 306, 352, 398], ...TIMES },
  },
  {
    name: 'epyc-32',
    cores: 32,
    coreMhz: 2800,
    memoryBytes: 256 * GIB,
    nicBytesPerS: 25 * GBIT_PER_S,
    migrationBytesPerS: 2.5 * GBIT_PER_S,
    cpu: { vendor: 'AMD', model: 'Milan', features: [...BASE_FEATURES, 'sha-ni'] },
    powerModel: { watts: [70, 101, 117, 133, 150, 168, 187, 207, 229, 251, 274], ...TIMES },
  },
  {
    name: 'xeon-32',
    cores: 32,
    coreMhz: 2600,
    memoryBytes: 320 * GIB,
    nicBytesPerS: 25 * GBIT_PER_S,
    migrationBytesPerS: 2.5 * GBIT_PER_S,
    cpu: { vendor: 'Intel', model: 'Icelake', features: [...BASE_FEATURES, 'avx512f', 'sha-ni'] },
    powerModel: { watts: [88, 122, 143, 163, 184, 207, 233, 262, 295, 331, 370], ...TIMES },
  },
];
