import type { Draft } from '../domain/draft.ts';
import { HostView, VmView } from './views.ts';

/** A change that a policy would like; all of a group happens, or none. */
export type Wish =
  | { readonly kind: 'move'; readonly vm: number; readonly to: number }
  | { readonly kind: 'power'; readonly host: number; readonly to: 'on' | 'off' };

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

  *hosts(): Generator<HostView> {
    for (let index = 0; index < this.hostCount; index++) yield this.host(index);
  }

  /** The VMs that are on the host as it is asked, whatever moves meanwhile. */
  *vmsOn(host: HostView): Generator<VmView> {
    for (const vm of this.#draft.vmsOn(host.index)) yield this.vm(vm);
  }
}

export const move = (vm: VmView, to: HostView): Wish => ({ kind: 'move', vm: vm.index, to: to.index });
export const switchOff = (host: HostView): Wish => ({ kind: 'power', host: host.index, to: 'off' });
export const switchOn = (host: HostView): Wish => ({ kind: 'power', host: host.index, to: 'on' });
