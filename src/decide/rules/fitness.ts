import type { Column } from '../../domain/columns.ts';
import type { Draft } from '../../domain/draft.ts';
import type { Violation } from '../../domain/rule.ts';
import type { HostColumns, Snapshot, VmColumns } from '../../domain/snapshot.ts';
import { type Classes, classesOf } from '../classes.ts';
import type { HostRules } from './host-rules.ts';
import { misplaced, type RuleOnDraft } from './rule-on-draft.ts';

/** Up to so many hosts are listed for a VM. */
const FEW_HOSTS = 256;

/**
 * Why a host cannot run a VM at all, whatever its load: CPU, storage, network, pinning. Rows that are alike in all that
 * decides fitness form a class, and fitness is worked out once per pair of classes.
 */
export class Fitness implements RuleOnDraft {
  readonly id = 'fitness';
  readonly #hostClasses: Classes;
  readonly #vmClassOf: Column;
  readonly #hostClassOf: Column;
  /** Of `fits`: host classes. */
  readonly #width: number;
  readonly #draft: Draft;
  readonly #vmClasses: Classes;
  readonly #matches: Matches;
  readonly #fits: Uint8Array;
  readonly #hostRules: readonly HostRules[];
  /** By VM, for those whose hosts are named by pinning or by a rule: those hosts, unless they are many. */
  readonly #fewOfNarrowed = new Map<number, readonly number[] | undefined>();
  /** Per set of pinned hosts, those hosts. */
  readonly #pinned = new Map<number, ReadonlySet<number>>();

  constructor(draft: Draft, hostRules: readonly HostRules[] = []) {
    this.#draft = draft;
    this.#hostRules = hostRules;
    const { hosts, vms, pools } = draft.snapshot;
    this.#hostClasses = classesOf(hostFacts(hosts));
    this.#vmClasses = classesOf(vmFacts(vms));
    this.#vmClassOf = this.#vmClasses.of;
    this.#hostClassOf = this.#hostClasses.of;
    this.#width = this.#hostClasses.example.length;
    this.#matches = matchesOf(draft.snapshot, this.#vmClasses, this.#hostClasses);
    this.#fits = this.#matches.fits;
    for (const vm of this.#vmClasses.example) {
      const set = vms.pinnedSet[vm]!;
      const indexes = pools.sets[set]!.flatMap((id) => hosts.index.get(id) ?? []);
      if (pools.sets[set]!.length > 0) this.#pinned.set(set, new Set(indexes));
    }
  }

  permits(vm: number, to: number): boolean {
    if (this.#fits[this.#vmClassOf[vm]! * this.#width + this.#hostClassOf[to]!] !== 1) return false;
    if (this.#pinned.size === 0) return true;
    const pinned = this.#pinned.get(this.#draft.snapshot.vms.pinnedSet[vm]!);
    return pinned === undefined || pinned.has(to);
  }

  /** Equal for VMs that fit on the same hosts, rules that somebody declared apart. */
  classOf(vm: number): number {
    return this.#vmClasses.of[vm]!;
  }

  get hostClassCount(): number {
    return this.#width;
  }

  /** Equal for hosts that can run the same VMs, pinning and rules that somebody declared apart. */
  hostClassOf(host: number): number {
    return this.#hostClassOf[host]!;
  }

  /** The classes of hosts that can run the VM. */
  hostClassesFor(vm: number): Int32Array {
    return this.#matches.hostClassesOf[this.#vmClassOf[vm]!]!;
  }

  /** The hosts that pinning or a rule leave to the VM; undefined where those are many, or nothing is said of any. */
  namedHostsFor(vm: number): readonly number[] | undefined {
    return this.#isNarrowed(vm) ? this.#fewOfTheNarrowed(vm) : undefined;
  }

  words(vm: number, to: number): string {
    const { vms, pools } = this.#draft.snapshot;
    const other = misfit(this.#draft.snapshot, vm, to);
    return other?.because ?? `${vms.ids[vm]} is pinned to ${pools.sets[vms.pinnedSet[vm]!]!.join(', ')}`;
  }

  remedy(vm: number, to: number): string {
    const { hosts, vms } = this.#draft.snapshot;
    return misfit(this.#draft.snapshot, vm, to)?.remedy ?? `pin ${vms.ids[vm]} to ${hosts.ids[to]} too`;
  }

  #isNarrowed(vm: number): boolean {
    if (this.#pinned.size > 0 && this.#pinned.has(this.#draft.snapshot.vms.pinnedSet[vm]!)) return true;
    for (let r = 0; r < this.#hostRules.length; r++) if (this.#hostRules[r]!.concerns(vm)) return true;
    return false;
  }

  #fewOfTheNarrowed(vm: number): readonly number[] | undefined {
    if (this.#fewOfNarrowed.has(vm)) return this.#fewOfNarrowed.get(vm);
    const own = this.#hostsFor(vm).filter((host) => this.#hostRules.every((rules) => rules.permits(vm, host)));
    const few = own.length > FEW_HOSTS ? undefined : own;
    this.#fewOfNarrowed.set(vm, few);
    return few;
  }

  #hostsFor(vm: number): number[] {
    const { ids } = this.#draft.snapshot.hosts;
    return ids.flatMap((_, host) => (this.permits(vm, host) ? [host] : []));
  }

  violations(): Violation[] {
    const isAnywhere = this.#pinned.size === 0 && this.#fits.every((fits) => fits === 1);
    return isAnywhere ? [] : misplaced(this, this.#draft);
  }
}

/** Which class of VMs fits on which class of hosts. */
interface Matches {
  readonly hostClasses: Classes;
  /** VM class by VM class: 1 where the host class can run it. */
  readonly fits: Uint8Array;
  /** Per VM class, those host classes. */
  readonly hostClassesOf: readonly Int32Array[];
}

/** Classes stay the same from one snapshot to the next, and so does what fits where. */
const remembered = new WeakMap<Classes, Matches>();

function matchesOf(snapshot: Snapshot, vmClasses: Classes, hostClasses: Classes): Matches {
  const known = remembered.get(vmClasses);
  if (known?.hostClasses === hostClasses) return known;
  const width = hostClasses.example.length;
  const fits = new Uint8Array(width * vmClasses.example.length);
  vmClasses.example.forEach((vm, vmClass) => {
    hostClasses.example.forEach((host, hostClass) => {
      fits[vmClass * width + hostClass] = Number(misfit(snapshot, vm, host) === undefined);
    });
  });
  const numbers = Int32Array.from(hostClasses.example.keys());
  const hostClassesOf = vmClasses.example.map((_, vmClass) => numbers.filter((c) => fits[vmClass * width + c] === 1));
  const matches = { hostClasses, fits, hostClassesOf };
  remembered.set(vmClasses, matches);
  return matches;
}

function hostFacts(hosts: HostColumns): readonly Column[] {
  return [hosts.cpuKind, hosts.subnetText, hosts.storageSet, hosts.vlanSet];
}

function vmFacts(vms: VmColumns): readonly Column[] {
  return [vms.cpuNeeds, vms.subnetText, vms.storageSet, vms.vlanSet, vms.pinnedSet];
}

interface Misfit {
  readonly because: string;
  readonly remedy: string;
}

/** What the host lacks for the VM, in words; undefined when it lacks nothing. */
function misfit({ hosts, vms, pools }: Snapshot, vm: number, host: number): Misfit | undefined {
  const id = hosts.ids[host]!;
  const needs = pools.cpuNeeds[vms.cpuNeeds[vm]!]!;
  const cpu = pools.cpuKinds[hosts.cpuKind[host]!]!;
  const own = `${vms.ids[vm]} would have to do without`;
  if (needs.vendor !== '' && needs.vendor !== cpu.vendor)
    return {
      because: `${id} has a CPU by ${cpu.vendor}, not ${needs.vendor}`,
      remedy: `${own} a CPU by ${needs.vendor}`,
    };
  const feature = missing(needs.features, cpu.features);
  if (feature !== undefined) return { because: `the CPU of ${id} lacks ${feature}`, remedy: `${own} ${feature}` };
  const storage = missing(pools.sets[vms.storageSet[vm]!]!, pools.sets[hosts.storageSet[host]!]!);
  if (storage !== undefined)
    return { because: `${id} does not see storage ${storage}`, remedy: `connect ${id} to storage ${storage}` };
  const vlan = missing(pools.sets[vms.vlanSet[vm]!]!, pools.sets[hosts.vlanSet[host]!]!);
  if (vlan !== undefined) return { because: `${id} does not carry VLAN ${vlan}`, remedy: `give ${id} VLAN ${vlan}` };
  const subnet = pools.texts[vms.subnetText[vm]!]!;
  if (subnet === '' || subnet === pools.texts[hosts.subnetText[host]!]) return undefined;
  return { because: `${id} is not in subnet ${subnet}`, remedy: `connect ${id} to subnet ${subnet}` };
}

function missing(wanted: readonly string[], offered: readonly string[]): string | undefined {
  return wanted.find((item) => !offered.includes(item));
}
