import type { Draft } from '../domain/draft.ts';
import { Query } from './query.ts';
import { HostView, VmView } from './views.ts';

/** A change that a policy would like; all of a group happens, or none. */
export type Wish =
  | { readonly kind: 'move'; readonly vm: number; readonly to: number }
  | { readonly kind: 'power'; readonly host: number; readonly to: 'on' | 'off' }
  /** All VMs of the host elsewhere: the core finds where. */
  | { readonly kind: 'empty'; readonly host: number };

export interface Proposal {
  readonly wishes: readonly Wish[];
  readonly because: string;
}

/** What a policy that proposes sees: everything accepted so far already counts. Queries are lazy. */
export class Fleet {
  readonly #draft: Draft;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  get hostCount(): number {
    return this.#draft.snapshot.hosts.ids.length;
  }

  get vmCount(): number {
    return this.#draft.snapshot.vms.ids.length;
  }

  host(index: number): HostView {
    const view = new HostView(this.#draft);
    view.index = index;
    return view;
  }

  vm(index: number): VmView {
    const view = new VmView(this.#draft);
    view.index = index;
    return view;
  }

  /** The host of that name; undefined where there is none. */
  hostNamed(id: string): HostView | undefined {
    const index = this.#draft.snapshot.hosts.index.get(id);
    return index === undefined ? undefined : this.host(index);
  }

  vmNamed(id: string): VmView | undefined {
    const index = this.#draft.snapshot.vms.index.get(id);
    return index === undefined ? undefined : this.vm(index);
  }

  /** The host that the VM is on by now. */
  hostOf(vm: VmView): HostView {
    return this.host(vm.hostIndex);
  }

  hosts(): Query<HostView> {
    return new Query(() => counted(this.hostCount, (index) => this.host(index)));
  }

  vms(): Query<VmView> {
    return new Query(() => counted(this.vmCount, (index) => this.vm(index)));
  }

  /** The VMs that are on the host when the query begins, whatever moves meanwhile. */
  vmsOn(host: HostView): Query<VmView> {
    const { index } = host;
    return new Query(() => {
      const vms = this.#draft.vmsOn(index);
      return counted(vms.length, (place) => this.vm(vms[place]!));
    });
  }
}

function* counted<T>(count: number, made: (index: number) => T): Generator<T> {
  for (let index = 0; index < count; index++) yield made(index);
}

export const move = (vm: VmView, to: HostView): Wish => ({ kind: 'move', vm: vm.index, to: to.index });
export const switchOff = (host: HostView): Wish => ({ kind: 'power', host: host.index, to: 'off' });
export const switchOn = (host: HostView): Wish => ({ kind: 'power', host: host.index, to: 'on' });

/** Two VMs change places; there need not be room for both on either host. */
export const swap = (one: VmView, other: VmView): Wish[] => [
  { kind: 'move', vm: one.index, to: other.hostIndex },
  { kind: 'move', vm: other.index, to: one.hostIndex },
];

/** All VMs of the host go elsewhere; the core finds where. With `switchOff` after it, the host then sleeps. */
export const evacuate = (host: HostView): Wish => ({ kind: 'empty', host: host.index });

/** Those VMs that are not on the host go there. */
export const together = (vms: Iterable<VmView>, host: HostView): Wish[] =>
  [...vms].filter((vm) => vm.hostIndex !== host.index).map((vm) => move(vm, host));
