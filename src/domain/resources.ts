/**
 * What hosts offer and VMs use. Every column, total, rule, schema and metric that is about a resource is made from this
 * list: a new resource (GPUs, disk I/O) is one more entry here and nothing else.
 */
export interface Resource {
  /** The word in views, rules and explanations. */
  readonly name: string;
  /** The field in case files and rows, unit last. */
  readonly key: string;
  readonly unit: 'MHz' | 'bytes' | 'bytes/s' | 'count';
  readonly about: string;
  /** Optional resources default to 0 on hosts (none offered, and then none may be used) and on VMs. */
  readonly optional: boolean;
  /** A guaranteed resource cannot be shared out thinner: demand above capacity is a rule violation, not a slow-down. */
  readonly guaranteed: boolean;
  /** How full a change may make a host unless the profile says otherwise, as a share of its capacity. */
  readonly usualCeiling: number;
}

export const RESOURCES = [
  {
    name: 'cpu',
    key: 'cpuMhz',
    unit: 'MHz',
    about: 'processor time: cores × clock',
    optional: false,
    guaranteed: false,
    usualCeiling: 0.85,
  },
  {
    name: 'memory',
    key: 'memoryBytes',
    unit: 'bytes',
    about: 'configured memory',
    optional: false,
    guaranteed: true,
    usualCeiling: 0.95,
  },
  {
    name: 'netRx',
    key: 'netRxBytesPerS',
    unit: 'bytes/s',
    about: 'received',
    optional: true,
    guaranteed: false,
    usualCeiling: 0.8,
  },
  {
    name: 'netTx',
    key: 'netTxBytesPerS',
    unit: 'bytes/s',
    about: 'sent',
    optional: true,
    guaranteed: false,
    usualCeiling: 0.8,
  },
] as const satisfies readonly Resource[];

export type ResourceName = (typeof RESOURCES)[number]['name'];
export type ResourceKey = (typeof RESOURCES)[number]['key'];

/** One amount per resource, as objects outside the core carry them. */
export type Amounts = Readonly<Record<ResourceKey, number>>;

export const RESOURCE_COUNT = RESOURCES.length;

function resourceIndex(name: ResourceName): number {
  return RESOURCES.findIndex((resource) => resource.name === name);
}

export const CPU = resourceIndex('cpu');
export const MEMORY = resourceIndex('memory');
export const NET_RX = resourceIndex('netRx');
export const NET_TX = resourceIndex('netTx');

/** One value per resource name: ceilings, say. */
export function perResource<T>(read: (resource: Resource) => T): Readonly<Record<ResourceName, T>> {
  return Object.fromEntries(RESOURCES.map((resource) => [resource.name, read(resource)])) as Record<ResourceName, T>;
}

export function amountsOf(read: (resource: number) => number): Amounts {
  const amounts: Partial<Record<ResourceKey, number>> = {};
  RESOURCES.forEach((resource, index) => {
    amounts[resource.key] = read(index);
  });
  return amounts as Amounts;
}

export const NOTHING: Amounts = amountsOf(() => 0);
