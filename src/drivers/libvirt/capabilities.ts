import type { CpuKind } from '../../domain/host.ts';
import { all, at, parseXml, textAt } from './xml.ts';

/** What a host says of itself once and for all. */
export interface Capabilities {
  readonly uuid: string;
  readonly cpu: CpuKind;
  readonly numaCells: number;
}

export function readCapabilities(source: string): Capabilities {
  const host = at(parseXml(source), 'host');
  const cpu = at(host, 'cpu');
  return {
    uuid: textAt(host, 'uuid') ?? '',
    cpu: {
      vendor: textAt(cpu, 'vendor') ?? '',
      model: textAt(cpu, 'model') ?? '',
      features: all(cpu, 'feature').flatMap((feature) => feature.attributes.name ?? []),
    },
    numaCells: all(at(host, 'topology', 'cells'), 'cell').length,
  };
}

/** A storage pool: where it is mounted, and under which name others would know the same one; nothing for what is local. */
export interface Pool {
  readonly name: string;
  readonly path: string;
  readonly shared: string | undefined;
}

/** Kinds of pools whose volumes lie on the host itself. */
const LOCAL_POOLS: ReadonlySet<string> = new Set(['dir', 'fs', 'logical', 'disk', 'zfs']);

export function readPool(source: string): Pool {
  const xml = parseXml(source);
  const type = xml.attributes.type ?? 'dir';
  const from = at(xml, 'source');
  const hosts = all(from, 'host').flatMap((host) => host.attributes.name ?? []);
  const where = at(from, 'dir')?.attributes.path ?? at(from, 'device')?.attributes.path ?? textAt(from, 'name') ?? '';
  return {
    name: textAt(xml, 'name') ?? '',
    path: textAt(xml, 'target', 'path') ?? '',
    shared: LOCAL_POOLS.has(type) ? undefined : `${type}:${hosts.sort().join(',')}:${where}`,
  };
}
