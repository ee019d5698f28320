import type { Ending, Io } from './io.ts';
import type { Printer } from './printer.ts';

export const GROUPS = {
  run: 'Run it',
  order: 'Have something done',
  look: 'Look at it',
  try: 'Try decisions',
  policies: 'Policies of your own',
  files: 'Files',
} as const;
export type Group = keyof typeof GROUPS;

export type OptionSpec = { readonly about: string } & (
  | { readonly kind: 'flag' }
  | { readonly kind: 'text'; readonly placeholder: string }
  | { readonly kind: 'number'; readonly placeholder: string }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
);
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type OptionValue<S extends OptionSpec> = S extends { kind: 'flag' }
  ? true
  : S extends { kind: 'number' }
    ? number
    : S extends { kind: 'choice'; values: readonly (infer V)[] }
      ? V
      : string;
export type OptionValues<S extends OptionSpecs> = { readonly [K in keyof S]: OptionValue<S[K]> | undefined };

export interface Operand {
  readonly name: string;
  readonly about: string;
  readonly optional?: boolean;
  /** Of the last one: there may be several. */
  readonly many?: boolean;
  readonly values?: readonly string[];
}

/** One call of a command, checked against its table row: required operands are there, options have their types. */
export interface Call<S extends OptionSpecs = OptionSpecs> {
  readonly operands: readonly string[];
  readonly options: OptionValues<S>;
  readonly json: boolean;
  readonly io: Io;
  readonly out: Printer;
}

export interface Command<S extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  readonly group: Group;
  /** One line for the list of commands. */
  readonly about: string;
  /** What else its help should say; empty when nothing. */
  readonly more: string;
  readonly operands: readonly Operand[];
  readonly options: S;
  readonly examples: readonly string[];
  run(call: Call<S>): Promise<Ending>;
}

/** Types the call after the options, and then forgets: the table holds commands of all kinds of options. */
export function defineCommand<const S extends OptionSpecs>(command: Command<S>): Command {
  return command as unknown as Command;
}

export const JSON_OPTION: OptionSpec = { kind: 'flag', about: 'Print JSON for machines instead of words' };
export const HELP_OPTION: OptionSpec = { kind: 'flag', about: 'Print this help' };

export function allOptions(command: Command): OptionSpecs {
  return { ...command.options, json: JSON_OPTION, help: HELP_OPTION };
}
