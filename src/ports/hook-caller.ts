import type { HookCall, HookFacts } from '../domain/hook.ts';

export type HookAnswer =
  | { readonly state: 'done'; readonly text: string }
  | { readonly state: 'failed'; readonly because: string };

export interface HookRun {
  /** Always kept, with a failure when it took too long or was cancelled. */
  readonly ended: Promise<HookAnswer>;
  cancel(): void;
}

/** Calls what is outside: load balancers, scripts of operators. */
export interface HookCaller {
  call(call: HookCall, facts: HookFacts, timeoutMs: number): HookRun;
}
