import type { Column } from '../../domain/columns.ts';
import type { Draft } from '../../domain/draft.ts';
import type { Violation } from '../../domain/rule.ts';
import type { HostColumns, Snapshot, VmColumns } from '../../domain/snapshot.ts';
import type { RuleOnDraft } from '../../sdk/rule.ts';
import { type Classes, classesOf } from '../classes.ts';

/** Up to so many hosts are listed for a class of VMs. */
const FEW_HOSTS = 256;

/**
 * Why a host cannot run a VM at all, whatever its load: CPU, storage, network, pinning. Rows that are alike in all that
 * decides fitness form a class, and fitness is worked out once per pair of classes.
 */
export class Fitness implements RuleOnDraft {
  readonly id = 'fitness';
  readonly #hostClasses: Classes;
  readonly #draft: Draft;
  readonly #vmClasses: Classes;
  /** 1 where the host class can run the VM class. */
  readonly #fits: Uint8Array;
  /** Per VM class, its hosts where they are few, null where they are many; worked out when first asked for. */
  readonly #few: (readonly number[] | null | undefined)[] = [];
  /** Per set of pinned hosts, those hosts. */
  readonly #pinned = new Map<number, ReadonlySet<number>>();

  constructor(draft: Draft) {
    this.#draft = draft;
    const { hosts, vms, pools } = draft.snapshot;
    this.#hostClasses = classesOf(hostFacts(hosts));
    this.#vmClasses = classesOf(vmFacts(vms));
    const width = this.#hostClasses.example.length;
    this.#fits = new Uint8Array(width * this.#vmClasses.example.length);
    this.#vmClasses.example.forEach((vm, vmClass) => {
      this.#hostClasses.example.forEach((host, hostClass) => {
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
    const width = this.#hostClasses.example.length;
    if (this.#fits[this.#vmClasses.of[vm]! * width + this.#hostClasses.of[to]!] !== 1) return false;
    if (this.#pinned.size === 0) return true;
    const pinned = this.#pinned.get(this.#draft.snapshot.vms.pinnedSet[vm]!);
    return pinned === undefined || pinned.has(to);
  }

  /** The hosts that can run the VM, where those are few; undefined where they are many. */
  fewHostsFor(vm: number): readonly number[] | undefined {
    const vmClass = this.#vmClasses.of[vm]!;
    let few = this.#few[vmClass];
    if (few === undefined) {
      few = this.#countFor(vmClass) > FEW_HOSTS ? null : this.#hostsFor(vmClass);
      this.#few[vmClass] = few;
    }
    return few ?? undefined;
  }

  words(vm: number, to: number): string {
    const { vms, pools } = this.#draft.snapshot;
    const other = misfit(this.#draft.snapshot, vm, to);
    return other ?? `${vms.ids[vm]} is pinned to ${pools.sets[vms.pinnedSet[vm]!]!.join(', ')}`;
  }

  #countFor(vmClass: number): number {
    const width = this.#hostClasses.example.length;
    return this.#hostClasses.count.reduce((sum, count, c) => sum + count * this.#fits[vmClass * width + c]!, 0);
  }

  #hostsFor(vmClass: number): number[] {
    const vm = this.#vmClasses.example[vmClass]!;
    const { ids } = this.#draft.snapshot.hosts;
    return ids.flatMap((_, host) => (this.permits(vm, host) ? [host] : []));
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

function hostFacts(hosts: HostColumns): readonly Column[] {
  return [hosts.cpuKind, hosts.subnetText, hosts.storageSet, hosts.vlanSet];
}

function vmFacts(vms: VmColumns): readonly Column[] {
  return [vms.cpuNeeds, vms.subnetText, vms.storageSet, vms.vlanSet, vms.pinnedSet];
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
