import type { VmSelection } from './rule.ts';

/** A request over HTTP; texts in braces such as {vm} stand for what the hook is called about. */
export interface HttpCall {
  readonly kind: 'http';
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A program with its arguments; no shell reads them. */
export interface CommandCall {
  readonly kind: 'command';
  readonly command: readonly string[];
}

export type HookCall = HttpCall | CommandCall;

/** Until no more than so many sessions are left, asked for again and again. */
export interface SessionsWait {
  readonly most: number;
  readonly everySeconds: number;
  readonly withinSeconds: number;
  /** Answers with a number, or with JSON whose `sessions` is one. Absent: sessions as they are measured. */
  readonly ask?: HookCall;
}

/** What an application wants done before and after migrations of its VMs. */
export interface Hook extends VmSelection {
  readonly id: string;
  /** Made before the guest is copied. */
  readonly before?: HookCall;
  /** Waited for after that. */
  readonly sessions?: SessionsWait;
  /** Made once the migration is over, however it ended, and after a restart if need be. */
  readonly after?: HookCall;
  /** Real time that one call may take. */
  readonly timeoutSeconds: number;
  /** What happens when the call before fails or sessions stay: the migration is put off, or goes on. */
  readonly onFailure: 'abort' | 'go on';
  /** How often the call after is made until it succeeds. */
  readonly tries: number;
}

export interface Hooks {
  /** Calls at a time; more wait. */
  readonly mostAtOnce: number;
  readonly around: readonly Hook[];
}

export const NO_HOOKS: Hooks = { mostAtOnce: 8, around: [] };

/** What calls may be told, in braces. */
export const HOOK_FACTS = ['vm', 'from', 'to', 'hook', 'step', 'when', 'outcome'] as const;
export type HookFacts = Readonly<Record<(typeof HOOK_FACTS)[number], string>>;
