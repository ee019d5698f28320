import type { Column } from '../domain/columns.ts';
import { ON } from '../domain/power.ts';
import { CPU, MEMORY, NET_RX, NET_TX, RESOURCES } from '../domain/resources.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Unit } from './catalogue/metric.ts';
import { type FleetFigures, shareOf } from './fleet-figures.ts';

/** The series of one metric for every host, or every VM: what it is called, and where its values stand. */
export interface FleetSeries {
  readonly name: string;
  readonly unit: Unit;
  readonly about: string;
  /** Digits after the point that are worth telling. */
  readonly decimals: number;
  /** A further label; its name and value are fixed. */
  readonly more?: readonly [name: string, value: string];
  read(snapshot: Snapshot, figures: FleetFigures): (index: number) => number;
}

const HERTZ_PER_MHZ = 1e6;

const columnSeries = (
  name: string,
  unit: Unit,
  about: string,
  column: (snapshot: Snapshot, figures: FleetFigures) => Column,
  { factor = 1, decimals = 0 } = {},
): FleetSeries => ({
  name,
  unit,
  about,
  decimals,
  read: (snapshot, figures) => {
    const values = column(snapshot, figures);
    return factor === 1 ? (i) => values[i]! : (i) => values[i]! * factor;
  },
});

const hostLoads: readonly FleetSeries[] = RESOURCES.map(({ name: resource }, r) => ({
  name: 'drover_host_used_ratio',
  unit: 'ratio',
  about: 'What is in use of what the host offers.',
  decimals: 4,
  more: ['resource', resource],
  read: ({ hosts }, { used }) => {
    const [amount, capacity] = [used[r]!, hosts.capacity[r]!];
    return (h) => shareOf(amount[h]!, capacity[h]!);
  },
}));

/** For each host. */
export const HOST_SERIES: readonly FleetSeries[] = [
  ...hostLoads,
  columnSeries(
    'drover_host_power_watts',
    'watts',
    'Power that the host draws: as measured, or by its power model.',
    (_, { watts }) => watts,
    { decimals: 1 },
  ),
  columnSeries('drover_host_vms', 'number', 'VMs on the host.', (_, { vmCount }) => vmCount),
  {
    name: 'drover_host_on',
    unit: 'number',
    about: '1 while the host is on and can carry VMs, else 0.',
    decimals: 0,
    read:
      ({ hosts }) =>
      (h) =>
        Number(hosts.power[h] === ON),
  },
  columnSeries('drover_host_known', 'number', '1 while the data of the host is trusted, else 0.', (s) => s.hosts.known),
];

/** For each VM, besides where it is. */
export const VM_SERIES: readonly FleetSeries[] = [
  columnSeries(
    'drover_vm_cpu_hertz',
    'hertz',
    'Processor time that the VM wants, as clock cycles per second.',
    (s) => s.vms.demand[CPU]!,
    { factor: HERTZ_PER_MHZ },
  ),
  columnSeries('drover_vm_memory_bytes', 'bytes', 'Configured memory of the VM.', (s) => s.vms.demand[MEMORY]!),
  columnSeries(
    'drover_vm_memory_active_bytes',
    'bytes',
    'Memory that the VM really uses.',
    (s) => s.vms.memoryActiveBytes,
  ),
  columnSeries(
    'drover_vm_receive_bytes_per_second',
    'bytes per second',
    'What the VM receives.',
    (s) => s.vms.demand[NET_RX]!,
  ),
  columnSeries(
    'drover_vm_transmit_bytes_per_second',
    'bytes per second',
    'What the VM sends.',
    (s) => s.vms.demand[NET_TX]!,
  ),
  columnSeries(
    'drover_vm_dirty_bytes_per_second',
    'bytes per second',
    'How fast the VM writes to its memory, which is what makes it hard to migrate.',
    (s) => s.vms.dirtyBytesPerS,
  ),
  columnSeries('drover_vm_known', 'number', '1 while the data of the VM is trusted, else 0.', (s) => s.vms.known),
];

/** Its second label names the host, so it is written apart from the others. */
export const VM_PLACE = {
  name: 'drover_vm_place',
  about: 'Always 1; the labels say which host the VM is on.',
} as const;
