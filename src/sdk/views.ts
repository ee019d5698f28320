import type { Column, Labels } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';
import { BOOTING, EMPTYING, ON, wattsAt } from '../domain/power.ts';
import { CPU, MEMORY, NET_RX, NET_TX, RESOURCES } from '../domain/resources.ts';
import { ahead, lately } from './outlook.ts';

/** What views read of a draft; whatever answers the same may stand in for one. */
export type Reading = Pick<
  Draft,
  | 'snapshot'
  | 'counted'
  | 'hostOf'
  | 'power'
  | 'vmCount'
  | 'used'
  | 'held'
  | 'countedUsed'
  | 'countedHeld'
  | 'cpuVariance'
  | 'cpuPeak'
  | 'cpuLow'
  | 'cpuSoon'
  | 'cpuLater'
>;

/**
 * Views are flyweights over the columns of a draft: small objects that are pointed at a host or VM. Those that the core
 * hands to cost functions are pointed elsewhere after the call; keep numbers, not views.
 */
export interface Pointed {
  index: number;
}

/** One resource of the host in view. */
export class ResourceView {
  readonly #used: Column;
  readonly #capacity: Column;
  readonly #host: Pointed;

  constructor(used: Column, capacity: Column, host: Pointed) {
    this.#used = used;
    this.#capacity = capacity;
    this.#host = host;
  }

  get used(): number {
    return this.#used[this.#host.index]!;
  }

  get capacity(): number {
    return this.#capacity[this.#host.index]!;
  }

  get free(): number {
    return this.capacity - this.used;
  }

  /** Used over capacity; above 1 when more is wanted than there is. */
  get share(): number {
    const capacity = this.capacity;
    if (capacity > 0) return this.used / capacity;
    return this.used > 0 ? Number.POSITIVE_INFINITY : 0;
  }
}

/** Without what departing flights still hold: what a host costs is judged as if all who are on their way had arrived. */
class ArrivedView extends ResourceView {
  readonly #held: Column;
  readonly #pointed: Pointed;

  constructor(used: Column, held: Column, capacity: Column, host: Pointed) {
    super(used, capacity, host);
    this.#held = held;
    this.#pointed = host;
  }

  override get used(): number {
    return super.used - this.#held[this.#pointed.index]!;
  }
}

function resourceView(used: Column, held: Column | undefined, capacity: Column, host: Pointed): ResourceView {
  return held === undefined ? new ResourceView(used, capacity, host) : new ArrivedView(used, held, capacity, host);
}

/** The CPU of the host in view: of all its VMs together, and what the hypervisor itself uses. */
export class HostCpuView extends ResourceView {
  readonly #draft: Reading;
  readonly #pointed: Pointed;

  constructor(draft: Reading, host: Pointed) {
    super(draft.used(CPU), draft.snapshot.hosts.capacity[CPU]!, host);
    this.#draft = draft;
    this.#pointed = host;
  }

  /** What each of its VMs wanted at most of late, added up. */
  get peak(): number {
    return this.#draft.cpuPeak[this.#pointed.index]!;
  }

  /** The least that its VMs wanted within the last so many milliseconds, each at its own time. */
  lowest(withinMs: number): number {
    return lately(withinMs, this.used, this.#draft.cpuLow[this.#pointed.index]!);
  }

  /** What its VMs are expected to want so many milliseconds ahead. */
  forecast(aheadMs: number): number {
    const { index } = this.#pointed;
    return ahead(aheadMs, this.used, this.#draft.cpuSoon[index]!, this.#draft.cpuLater[index]!);
  }
}

/** The CPU demand of the VM in view. */
export class VmCpuView {
  readonly #draft: Reading;
  readonly #vm: Pointed;

  constructor(draft: Reading, vm: Pointed) {
    this.#draft = draft;
    this.#vm = vm;
  }

  get used(): number {
    return this.#draft.snapshot.vms.demand[CPU]![this.#vm.index]!;
  }

  /** Standard deviation of what it wants. */
  get deviation(): number {
    return this.#draft.snapshot.vms.cpuDeviationMhz[this.#vm.index]!;
  }

  /** What it wanted at most of late. */
  get peak(): number {
    return this.#draft.snapshot.vms.cpuPeakMhz[this.#vm.index]!;
  }

  /** The least that it wanted within the last so many milliseconds. */
  lowest(withinMs: number): number {
    return lately(withinMs, this.used, this.#draft.snapshot.vms.cpuLowMhz[this.#vm.index]!);
  }

  /** What it is expected to want so many milliseconds ahead. */
  forecast(aheadMs: number): number {
    const { cpuSoonMhz, cpuLaterMhz } = this.#draft.snapshot.vms;
    return ahead(aheadMs, this.used, cpuSoonMhz[this.#vm.index]!, cpuLaterMhz[this.#vm.index]!);
  }
}

export class HostView implements Pointed {
  index = 0;
  readonly cpu: HostCpuView;
  readonly memory: ResourceView;
  readonly netRx: ResourceView;
  readonly netTx: ResourceView;
  readonly #resources = new Map<string, ResourceView>();
  readonly #draft: Reading;

  constructor(draft: Reading) {
    this.#draft = draft;
    this.cpu = new HostCpuView(draft, this);
    const { capacity } = draft.snapshot.hosts;
    const builtIn = (r: number) => resourceView(draft.used(r), draft.held(r), capacity[r]!, this);
    this.memory = builtIn(MEMORY);
    this.netRx = builtIn(NET_RX);
    this.netTx = builtIn(NET_TX);
  }

  get id(): string {
    return this.#draft.snapshot.hosts.ids[this.index]!;
  }

  get rack(): string {
    const { hosts, pools } = this.#draft.snapshot;
    return pools.texts[hosts.rackText[this.index]!]!;
  }

  get site(): string {
    const { hosts, pools } = this.#draft.snapshot;
    return pools.texts[hosts.siteText[this.index]!]!;
  }

  get labels(): Labels {
    const { hosts, pools } = this.#draft.snapshot;
    return pools.labels[hosts.labels[this.index]!]!;
  }

  get isOn(): boolean {
    return this.#draft.power[this.index] === ON;
  }

  /** Built-in ones by their names (`cpu`, `memory`, `netRx`, `netTx`), others by the name that they are counted under. */
  resource(name: string): ResourceView {
    const known = this.#resources.get(name);
    if (known !== undefined) return known;
    const view = this.#viewOf(name);
    this.#resources.set(name, view);
    return view;
  }

  #viewOf(name: string): ResourceView {
    const builtIn = RESOURCES.find((resource) => resource.name === name);
    if (builtIn !== undefined) return this[builtIn.name];
    const at = this.#draft.counted.findIndex((resource) => resource.name === name);
    if (at < 0) throw new Error(`nobody counts a resource "${name}" here`);
    const { capacity } = this.#draft.counted[at]!;
    return resourceView(this.#draft.countedUsed(at), this.#draft.countedHeld(at), capacity, this);
  }

  /** True while it draws the power of a running machine: on, coming up or being emptied. */
  get drawsPower(): boolean {
    const power = this.#draft.power[this.index];
    return power === ON || power === BOOTING || power === EMPTYING;
  }

  get vmCount(): number {
    return this.#draft.vmCount[this.index]!;
  }

  get cores(): number {
    return this.#draft.snapshot.hosts.cores[this.index]!;
  }

  /** MHz of one core, the measure that turns MHz into core-hours. */
  get coreMhz(): number {
    return this.cpu.capacity / Math.max(1, this.cores);
  }

  /** Standard deviation of the CPU demand of all its VMs together, taken as independent. */
  get cpuDeviationMhz(): number {
    return Math.sqrt(Math.max(0, this.#draft.cpuVariance[this.index]!));
  }

  /** Sum of what each of its VMs wanted at most of late. */
  get cpuPeakMhz(): number {
    return this.#draft.cpuPeak[this.index]!;
  }

  get offWatts(): number {
    const { hosts, pools } = this.#draft.snapshot;
    return pools.powerModels[hosts.powerModel[this.index]!]!.offWatts;
  }

  /** Watts of the running machine at a load; its own if none is given. */
  watts(share = this.cpu.share): number {
    const { hosts, pools } = this.#draft.snapshot;
    return wattsAt(pools.powerModels[hosts.powerModel[this.index]!]!, share);
  }
}

export class VmView implements Pointed {
  index = 0;
  readonly cpu: VmCpuView;
  readonly #draft: Reading;

  constructor(draft: Reading) {
    this.#draft = draft;
    this.cpu = new VmCpuView(draft, this);
  }

  get id(): string {
    return this.#draft.snapshot.vms.ids[this.index]!;
  }

  get tier(): string {
    const { vms, pools } = this.#draft.snapshot;
    return pools.texts[vms.tierText[this.index]!]!;
  }

  get labels(): Labels {
    const { vms, pools } = this.#draft.snapshot;
    return pools.labels[vms.labels[this.index]!]!;
  }

  get vcpus(): number {
    return this.#draft.snapshot.vms.vcpus[this.index]!;
  }

  get cpuMhz(): number {
    return this.#draft.snapshot.vms.demand[CPU]![this.index]!;
  }

  get cpuPeakMhz(): number {
    return this.#draft.snapshot.vms.cpuPeakMhz[this.index]!;
  }

  get memoryBytes(): number {
    return this.#draft.snapshot.vms.demand[MEMORY]![this.index]!;
  }

  get memoryActiveBytes(): number {
    return this.#draft.snapshot.vms.memoryActiveBytes[this.index]!;
  }

  get netRxBytesPerS(): number {
    return this.#draft.snapshot.vms.demand[NET_RX]![this.index]!;
  }

  get netTxBytesPerS(): number {
    return this.#draft.snapshot.vms.demand[NET_TX]![this.index]!;
  }

  get liveSessions(): number {
    return this.#draft.snapshot.vms.liveSessions[this.index]!;
  }

  /** Index of the host that it is on in this draft. */
  get hostIndex(): number {
    return this.#draft.hostOf[this.index]!;
  }
}

/** Two VMs that talk, as far apart as they are in this draft. */
export class PairView {
  a = 0;
  b = 0;
  bytesPerS = 0;
  readonly #draft: Reading;

  constructor(draft: Reading) {
    this.#draft = draft;
  }

  get sameHost(): boolean {
    return this.#draft.hostOf[this.a] === this.#draft.hostOf[this.b];
  }

  get sameRack(): boolean {
    return this.#share('rackText');
  }

  get sameSite(): boolean {
    return this.#share('siteText');
  }

  #share(place: 'rackText' | 'siteText'): boolean {
    const { hosts } = this.#draft.snapshot;
    return hosts[place][this.#draft.hostOf[this.a]!] === hosts[place][this.#draft.hostOf[this.b]!];
  }
}
