import type { Column } from '../../domain/columns.ts';
import type { Draft } from '../../domain/draft.ts';
import type { Violation } from '../../domain/rule.ts';
import type { HostColumns, Snapshot, VmColumns } from '../../domain/snapshot.ts';
import type { RuleOnDraft } from '../../sdk/rule.ts';

/** Rows that are alike in all that decides fitness form a class; fitness is worked out once per pair of classes. */
interface Classes {
  /** Class of each row. */
  readonly of: Int32Array;
  /** One row of each class. */
  readonly example: readonly number[];
}

/** Why a host cannot run a VM at all, whatever its load: CPU, storage, network, pinning. */
export class Fitness implements RuleOnDraft {
  readonly id = 'fitness';
  readonly hostClasses: Classes;
  readonly #draft: Draft;
  readonly #vmClasses: Classes;
  /** 1 where the host class can run the VM class. */
  readonly #fits: Uint8Array;
  /** Per set of pinned hosts, those hosts. */
  readonly #pinned = new Map<number, ReadonlySet<number>>();

  constructor(draft: Draft) {
    this.#draft = draft;
    const { hosts, vms, pools } = draft.snapshot;
    this.hostClasses = classes(hosts.ids.length, hostFacts(hosts));
    this.#vmClasses = classes(vms.ids.length, vmFacts(vms));
    const width = this.hostClasses.example.length;
    this.#fits = new Uint8Array(width * this.#vmClasses.example.length);
    this.#vmClasses.example.forEach((vm, vmClass) => {
      this.hostClasses.example.forEach((host, hostClass) => {
        const fits = misfit(draft.snapshot, vm, host) === undefined;
        this.#fits[vmClass * width + hostClass] = Number(fits);
      });
    });
    for (const vm of this.#vmClasses.example) {
      const set = vms.pinnedSet[vm]!;
      const indexes = pools.sets[set]!.flatMap((id) => hosts.index.get(id) ?? []);
      if (pools.sets[set]!.length > 0) this.#pinned.set(set, new Set(indexes));
    }
  }

  permits(vm: number, to: number): boolean {
    if (!this.classFits(vm, this.hostClasses.of[to]!)) return false;
    const pinned = this.#pinned.get(this.#draft.snapshot.vms.pinnedSet[vm]!);
    return pinned === undefined || pinned.has(to);
  }

  classFits(vm: number, hostClass: number): boolean {
    return this.#fits[this.#vmClasses.of[vm]! * this.hostClasses.example.length + hostClass] === 1;
  }

  words(vm: number, to: number): string {
    const { vms, pools } = this.#draft.snapshot;
    const other = misfit(this.#draft.snapshot, vm, to);
    return other ?? `${vms.ids[vm]} is pinned to ${pools.sets[vms.pinnedSet[vm]!]!.join(', ')}`;
  }

  violations(): Violation[] {
    const { hosts, vms } = this.#draft.snapshot;
    const found: Violation[] = [];
    for (let vm = 0; vm < vms.ids.length; vm++) {
      const host = this.#draft.hostOf[vm]!;
      if (this.permits(vm, host)) continue;
      found.push({ rule: this.id, because: this.words(vm, host), vms: [vms.ids[vm]!], host: hosts.ids[host]! });
    }
    return found;
  }
}

function hostFacts(hosts: HostColumns): Column[] {
  return [hosts.cpuKind, hosts.subnetText, hosts.storageSet, hosts.vlanSet];
}

function vmFacts(vms: VmColumns): Column[] {
  return [vms.cpuNeeds, vms.subnetText, vms.storageSet, vms.vlanSet, vms.pinnedSet];
}

function classes(count: number, facts: readonly Column[]): Classes {
  const of = new Int32Array(count);
  const example: number[] = [];
  const known = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const key = facts.map((column) => column[row]).join(' ');
    let number = known.get(key);
    if (number === undefined) {
      number = example.push(row) - 1;
      known.set(key, number);
    }
    of[row] = number;
  }
  return { of, example };
}

/** What the host lacks for the VM, in words; undefined when it lacks nothing. */
function misfit({ hosts, vms, pools }: Snapshot, vm: number, host: number): string | undefined {
  const id = hosts.ids[host]!;
  const needs = pools.cpuNeeds[vms.cpuNeeds[vm]!]!;
  const cpu = pools.cpuKinds[hosts.cpuKind[host]!]!;
  if (needs.vendor !== '' && needs.vendor !== cpu.vendor)
    return `${id} has a CPU by ${cpu.vendor}, not ${needs.vendor}`;
  const feature = missing(needs.features, cpu.features);
  if (feature !== undefined) return `the CPU of ${id} lacks ${feature}`;
  const storage = missing(pools.sets[vms.storageSet[vm]!]!, pools.sets[hosts.storageSet[host]!]!);
  if (storage !== undefined) return `${id} does not see storage ${storage}`;
  const vlan = missing(pools.sets[vms.vlanSet[vm]!]!, pools.sets[hosts.vlanSet[host]!]!);
  if (vlan !== undefined) return `${id} does not carry VLAN ${vlan}`;
  const subnet = pools.texts[vms.subnetText[vm]!]!;
  if (subnet !== '' && subnet !== pools.texts[hosts.subnetText[host]!]) return `${id} is not in subnet ${subnet}`;
  return undefined;
}

function missing(wanted: readonly string[], offered: readonly string[]): string | undefined {
  return wanted.find((item) => !offered.includes(item));
}
