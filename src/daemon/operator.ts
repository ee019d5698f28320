import type { HostId } from '../domain/host.ts';
import type { Step } from '../domain/plan.ts';
import type { VmId } from '../domain/vm.ts';

/** What was done about an order, or with `dryRun` would be. */
export interface Done {
  readonly words: string;
  /** What will be carried out for it, as far as that is known already. */
  readonly steps: readonly Step[];
  /** When it is expected to have come about; null where nobody can say. */
  readonly endsAtMs: number | null;
}

/** A refusal is one sentence. */
export type Reply = Done | { readonly refusal: string };

/** What stands because of persons, or waits for them. */
export interface Standing {
  /** Since when nothing is started; null while things are. */
  readonly pausedSinceMs: number | null;
  readonly drains: readonly {
    readonly host: HostId;
    readonly sinceMs: number;
    /** Null while there is still something on it. */
    readonly emptyAtMs: number | null;
    readonly vmsLeft: number;
  }[];
  readonly moves: readonly { readonly vm: VmId; readonly to: HostId; readonly sinceMs: number }[];
  readonly switches: readonly { readonly host: HostId; readonly to: 'on' | 'off'; readonly sinceMs: number }[];
  readonly trials: readonly { readonly host: HostId; readonly stage: string; readonly sinceMs: number }[];
  readonly suspects: readonly { readonly host: HostId; readonly because: string; readonly sinceMs: number }[];
  /** Hosts that nobody has seen come back: they are not switched off. */
  readonly unproven: readonly HostId[];
}

/** What persons may order. Each goes through the rules, the planner, the executor and the journal like everything else. */
export interface Operator {
  drain(host: HostId, dryRun: boolean): Reply;
  undrain(host: HostId, dryRun: boolean): Reply;
  migrate(vm: VmId, to: HostId, dryRun: boolean): Reply;
  cancel(stepId: string, dryRun: boolean): Reply;
  pause(dryRun: boolean): Reply;
  resume(dryRun: boolean): Reply;
  power(host: HostId, to: 'on' | 'off', dryRun: boolean): Reply;
  clear(host: HostId, dryRun: boolean): Reply;
  prove(host: HostId, dryRun: boolean): Reply;
  vouch(host: HostId, dryRun: boolean): Reply;
  /** With names of decisions: only what the plan has for those. */
  confirm(planId: string, dryRun: boolean, only?: readonly string[]): Reply;
  reject(planId: string, dryRun: boolean): Reply;
  standing(): Standing;
}
