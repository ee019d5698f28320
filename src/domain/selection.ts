import type { Column, Labels } from './columns.ts';
import type { HostId } from './host.ts';
import type { HostRule, HostSelection, Rule, VmSelection } from './rule.ts';
import type { Snapshot } from './snapshot.ts';
import type { VmId } from './vm.ts';

/** The selected VMs by index, in order. */
export function selectedVms({ vms: ids, vmLabels }: VmSelection, { vms, pools }: Snapshot): number[] {
  return selected(ids, vmLabels, vms, pools.labels);
}

/** The same, asked of one VM. */
export function isSelected({ vms: ids, vmLabels }: VmSelection, vm: number, { vms, pools }: Snapshot): boolean {
  const wanted = Object.entries(vmLabels);
  if (ids.length === 0 && wanted.length === 0) return true;
  if (ids.includes(vms.ids[vm]!)) return true;
  const own = pools.labels[vms.labels[vm]!];
  return wanted.length > 0 && wanted.every(([name, value]) => own?.[name] === value);
}

/** The selected hosts by index, in order. */
export function selectedHosts({ hosts: ids, hostLabels }: HostSelection, { hosts, pools }: Snapshot): number[] {
  return selected(ids, hostLabels, hosts, pools.labels);
}

/** The VMs that a rule calls by name. */
export function vmsNamedBy(rule: Rule): readonly VmId[] {
  if (rule.kind === 'depends-on') return [...rule.vms, ...rule.on];
  return rule.kind === 'backups' ? rule.jobs.flatMap(({ vms }) => vms) : rule.vms;
}

export function hostsNamedBy(rule: Rule): readonly HostId[] {
  return 'hosts' in rule ? rule.hosts : [];
}

/** 1 for each host on which the rule lets its VMs run. */
export function hostsAllowedBy(rule: HostRule, snapshot: Snapshot): Column {
  const { length } = snapshot.hosts.ids;
  const named = flagged(selectedHosts(rule, snapshot), length);
  return rule.kind === 'run-on' ? named : Uint8Array.from({ length }, (_, host) => 1 - named[host]!);
}

/** 1 for each of the rows, of so many in all. */
export function flagged(rows: readonly number[], length: number): Column {
  const flags = new Uint8Array(length);
  for (const row of rows) flags[row] = 1;
  return flags;
}

/** "a, b and what is labelled tier: gold"; nothing where the selection is everything. */
export function selectionWords(ids: readonly string[], labels: Labels): string {
  const wanted = Object.entries(labels).map(([name, value]) => `${name}: ${value}`);
  const parts = [...(ids.length > 0 ? [ids.join(', ')] : [])];
  if (wanted.length > 0) parts.push(`what is labelled ${wanted.join(', ')}`);
  return parts.join(' and ');
}

interface Rows {
  readonly ids: readonly string[];
  readonly index: ReadonlyMap<string, number>;
  readonly labels: Column;
}

function selected(ids: readonly string[], labels: Labels, rows: Rows, pool: readonly Labels[]): number[] {
  const wanted = Object.entries(labels);
  if (ids.length === 0 && wanted.length === 0) return rows.ids.map((_, row) => row);
  const named = new Set(ids.flatMap((id) => rows.index.get(id) ?? []));
  if (wanted.length === 0) return [...named].sort((a, b) => a - b);
  const carries = pool.map((own) => wanted.every(([name, value]) => own[name] === value));
  return rows.ids.flatMap((_, row) => (named.has(row) || carries[rows.labels[row]!] ? [row] : []));
}
