import { GBIT_PER_S, GIB } from '../domain/units.ts';
import type { HostKind } from './host-kinds.ts';

/** A server whose draw has been measured and published: a result of SPECpower_ssj2008, by its id on spec.org. */
export interface PublishedServer extends HostKind {
  readonly source: string;
}

const TIMES = { offWatts: 6, bootSeconds: 180, shutdownSeconds: 60 };
const OLD_FEATURES = ['sse3'];
const WESTMERE_FEATURES = ['aes', 'sse4.2'];
const BROADWELL_FEATURES = ['aes', 'avx', 'avx2', 'sse4.2'];
const SKYLAKE_FEATURES = [...BROADWELL_FEATURES, 'avx512f'];

const intel = (model: string, features: readonly string[]) => ({ vendor: 'Intel', model, features });

/** Watts at 0 %, 10 % … 100 % are as published; memory and networks are as such servers are bought to run guests. */
export const PUBLISHED_SERVERS: readonly PublishedServer[] = [
  {
    name: 'hp-ml110-g4',
    source: 'power_ssj2008-20110127-00342',
    cores: 2,
    coreMhz: 1860,
    memoryBytes: 4 * GIB,
    nicBytesPerS: GBIT_PER_S,
    migrationBytesPerS: GBIT_PER_S,
    cpu: intel('Conroe', OLD_FEATURES),
    powerModel: { watts: [86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117], ...TIMES },
  },
  {
    name: 'hp-ml110-g5',
    source: 'power_ssj2008-20110124-00339',
    cores: 2,
    coreMhz: 2660,
    memoryBytes: 4 * GIB,
    nicBytesPerS: GBIT_PER_S,
    migrationBytesPerS: GBIT_PER_S,
    cpu: intel('Conroe', OLD_FEATURES),
    powerModel: { watts: [93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135], ...TIMES },
  },
  {
    name: 'ibm-x3550-m3',
    source: 'power_ssj2008-20110406-00368',
    cores: 12,
    coreMhz: 3067,
    memoryBytes: 96 * GIB,
    nicBytesPerS: 2 * GBIT_PER_S,
    migrationBytesPerS: GBIT_PER_S,
    cpu: intel('Westmere', WESTMERE_FEATURES),
    powerModel: { watts: [58.4, 98, 109, 118, 128, 140, 153, 170, 189, 205, 222], ...TIMES },
  },
  {
    name: 'dell-r830',
    source: 'power_ssj2008-20160705-00737',
    cores: 88,
    coreMhz: 2200,
    memoryBytes: 768 * GIB,
    nicBytesPerS: 20 * GBIT_PER_S,
    migrationBytesPerS: 5 * GBIT_PER_S,
    cpu: intel('Broadwell', BROADWELL_FEATURES),
    powerModel: { watts: [86.4, 181, 215, 253, 287, 315, 340, 377, 421, 483, 562], ...TIMES },
  },
  {
    name: 'dell-r640',
    source: 'power_ssj2008-20170829-00781',
    cores: 56,
    coreMhz: 2500,
    memoryBytes: 512 * GIB,
    nicBytesPerS: 25 * GBIT_PER_S,
    migrationBytesPerS: 5 * GBIT_PER_S,
    cpu: intel('Skylake', SKYLAKE_FEATURES),
    powerModel: { watts: [55, 125, 151, 176, 202, 232, 261, 301, 357, 421, 469], ...TIMES },
  },
  {
    name: 'dell-r740',
    source: 'power_ssj2008-20170829-00780',
    cores: 56,
    coreMhz: 2500,
    memoryBytes: 512 * GIB,
    nicBytesPerS: 25 * GBIT_PER_S,
    migrationBytesPerS: 5 * GBIT_PER_S,
    cpu: intel('Skylake', SKYLAKE_FEATURES),
    powerModel: { watts: [52.3, 129, 147, 170, 195, 224, 255, 292, 344, 408, 457], ...TIMES },
  },
  {
    name: 'dell-r940',
    source: 'power_ssj2008-20171010-00789',
    cores: 112,
    coreMhz: 2500,
    memoryBytes: 1024 * GIB,
    nicBytesPerS: 25 * GBIT_PER_S,
    migrationBytesPerS: 5 * GBIT_PER_S,
    cpu: intel('Skylake', SKYLAKE_FEATURES),
    powerModel: { watts: [106, 245, 292, 336, 383, 437, 502, 583, 694, 820, 915], ...TIMES },
  },
];
