import type { Labels } from '../../domain/columns.ts';
import { KIB } from '../../domain/units.ts';
import { all, at, parseXml, textAt, type Xml } from './xml.ts';

/** Where a disk lies: a file or device on the host, or a volume that a pool or cluster serves. */
export type DiskSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'volume'; readonly pool: string }
  | { readonly kind: 'network'; readonly storage: string };

export interface GuestCpu {
  readonly mode: string;
  readonly model: string;
  readonly vendor: string;
  readonly features: readonly string[];
}

/** What somebody wrote about the VM for Drover. */
export interface Notes {
  readonly labels: Labels;
  readonly tier: string;
  readonly pinnedTo: readonly string[];
  readonly isFixed: boolean;
  /** It may be stopped for the while, saved and resumed elsewhere. */
  readonly quickAllowed: boolean;
  /** Its migration may be finished by post-copy, which a failure does not survive. */
  readonly postCopyAllowed: boolean;
  readonly apart: readonly string[];
  readonly together: readonly string[];
}

/** What the description of a domain says that matters here. */
export interface DomainFacts {
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly disks: readonly DiskSource[];
  /** Networks that it is plugged into: `br0`, `br0.42` with a VLAN, `network:default`. */
  readonly networks: readonly string[];
  readonly cpu: GuestCpu;
  /** Devices of the host that it holds and that cannot travel, in a word each. */
  readonly holds: readonly string[];
  readonly notes: Notes;
}

export const METADATA_NAMESPACE = 'urn:drover:vm:1';

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  KB: 1000,
  k: KIB,
  KiB: KIB,
  MB: 1000 ** 2,
  M: KIB ** 2,
  MiB: KIB ** 2,
  GB: 1000 ** 3,
  G: KIB ** 3,
  GiB: KIB ** 3,
  TB: 1000 ** 4,
  T: KIB ** 4,
  TiB: KIB ** 4,
};

export function bytesOf(element: Xml | undefined): number {
  if (element === undefined) return 0;
  return Number(element.text.trim()) * (UNITS[element.attributes.unit ?? 'KiB'] ?? KIB);
}

export function readDomainXml(source: string): DomainFacts {
  const xml = parseXml(source);
  const devices = at(xml, 'devices');
  const vcpu = at(xml, 'vcpu');
  return {
    vcpus: Number(vcpu?.attributes.current ?? vcpu?.text ?? 1),
    memoryBytes: bytesOf(at(xml, 'memory')),
    disks: all(devices, 'disk').flatMap(diskSource),
    networks: [...new Set(all(devices, 'interface').flatMap(networkOf))],
    cpu: cpuOf(at(xml, 'cpu')),
    holds: heldDevices(devices),
    notes: notesOf(at(xml, 'metadata')),
  };
}

/** An empty drive has no source. */
function diskSource(disk: Xml): DiskSource[] {
  const source = at(disk, 'source')?.attributes ?? {};
  const path = source.file ?? source.dev ?? source.dir;
  if (path !== undefined) return [{ kind: 'path', path }];
  if (source.pool !== undefined) return [{ kind: 'volume', pool: source.pool }];
  if (source.protocol === undefined) return [];
  const [cluster = ''] = (source.name ?? '').split('/');
  return [{ kind: 'network', storage: `${source.protocol}:${cluster}` }];
}

function networkOf(nic: Xml): string[] {
  const source = at(nic, 'source')?.attributes ?? {};
  const name = source.network === undefined ? (source.bridge ?? source.dev) : `network:${source.network}`;
  if (name === undefined) return [];
  const tags = all(at(nic, 'vlan'), 'tag').flatMap((tag) => tag.attributes.id ?? []);
  return tags.length === 0 ? [name] : tags.map((tag) => `${name}.${tag}`);
}

function cpuOf(cpu: Xml | undefined): GuestCpu {
  const features = all(cpu, 'feature').filter(({ attributes }) => (attributes.policy ?? 'require') === 'require');
  return {
    mode: cpu?.attributes.mode ?? 'custom',
    model: textAt(cpu, 'model') ?? '',
    vendor: textAt(cpu, 'vendor') ?? '',
    features: features.flatMap((feature) => feature.attributes.name ?? []),
  };
}

function heldDevices(devices: Xml | undefined): string[] {
  const nics = all(devices, 'interface').filter(({ attributes }) => attributes.type === 'hostdev');
  return [
    ...all(devices, 'hostdev').map(({ attributes }) => `a host device (${attributes.type ?? 'of some kind'})`),
    ...nics.map(() => 'a network card of the host'),
    ...all(devices, 'filesystem').map(() => 'a folder of the host'),
  ];
}

function notesOf(metadata: Xml | undefined): Notes {
  const mine = metadata?.children.find(isMine);
  const named = (name: string) => mine?.children.filter((child) => child.name.split(':').at(-1) === name) ?? [];
  const groups = (name: string) => named(name).flatMap(({ attributes }) => attributes.group ?? []);
  const labels = named('label').map(({ attributes }) => [attributes.name ?? '', attributes.value ?? ''] as const);
  return {
    labels: Object.fromEntries(labels.filter(([name]) => name !== '')),
    tier: mine?.attributes.tier ?? '',
    pinnedTo: (mine?.attributes.pinnedTo ?? '').split(/[\s,]+/).filter((host) => host !== ''),
    isFixed: mine?.attributes.migratable === 'no',
    quickAllowed: mine?.attributes.quick === 'yes',
    postCopyAllowed: mine?.attributes.postCopy === 'yes',
    apart: groups('apart'),
    together: groups('together'),
  };
}

function isMine({ attributes }: Xml): boolean {
  return Object.entries(attributes).some(([name, value]) => name.startsWith('xmlns') && value === METADATA_NAMESPACE);
}
