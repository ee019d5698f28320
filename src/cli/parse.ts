import { parseArgs } from 'node:util';
import { didYouMean } from '../config/closest.ts';
import { allOptions, type Command, type Operand, type OptionSpec, type OptionSpecs } from './command.ts';
import { type Ending, wrong } from './io.ts';

export type ParsedOptions = Readonly<Record<string, string | number | true | undefined>>;

export interface Parsed {
  readonly operands: readonly string[];
  readonly options: ParsedOptions;
}

/** Words of the command line against the command's table row; the first thing that is wrong, in one sentence. */
export function parseCall(command: Command, argv: readonly string[]): Parsed | Ending {
  const specs = allOptions(command);
  const types = Object.entries(specs).map(([name, spec]) => [name, { type: parseType(spec) }] as const);
  const options = { ...Object.fromEntries(types), help: { type: 'boolean' as const, short: 'h' } };
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const values: Record<string, string | number | true> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const value = optionValue(command, specs, token);
    if (typeof value === 'object') return value;
    values[token.name] = value;
  }
  const trouble = values.help === undefined ? operandTrouble(command, operands) : undefined;
  return trouble === undefined ? { operands, options: values } : wrong(trouble);
}

function parseType(spec: OptionSpec): 'boolean' | 'string' {
  return spec.kind === 'flag' ? 'boolean' : 'string';
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function optionValue(command: Command, specs: OptionSpecs, token: OptionToken): string | number | true | Ending {
  const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
  if (spec === undefined) return wrong(unknownOption(command, specs, token.rawName));
  const { value, rawName } = token;
  if (spec.kind === 'flag') return value === undefined ? true : wrong(`${rawName} takes no value`);
  if (value === undefined || (!token.inlineValue && /^-./.test(value) && Number.isNaN(Number(value)))) {
    return wrong(`${rawName} needs a value: ${rawName} ${valueWords(spec)}`);
  }
  return checkedValue(spec, rawName, value);
}

function checkedValue(spec: OptionSpec, rawName: string, value: string): string | number | Ending {
  if (spec.kind === 'choice' && !spec.values.includes(value)) {
    return wrong(
      `${rawName} is "${value}", should be one of ${spec.values.join(', ')}${didYouMean(value, spec.values)}`,
    );
  }
  if (spec.kind !== 'number') return value;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : wrong(`${rawName} is "${value}", should be a number`);
}

function unknownOption(command: Command, specs: OptionSpecs, rawName: string): string {
  const meant = didYouMean(
    rawName,
    Object.keys(specs).map((name) => `--${name}`),
  );
  const remedy = meant === '' ? `; \`drover ${command.name} --help\` lists its options` : meant;
  return `drover ${command.name} has no option ${rawName}${remedy}`;
}

function operandTrouble(command: Command, operands: readonly string[]): string | undefined {
  const usage = usageOf(command);
  const missing = command.operands.find((operand, index) => operand.optional !== true && operands[index] === undefined);
  if (missing !== undefined) return `drover ${command.name} needs ${withArticle(missing.name)}: ${usage}`;
  const takesMany = command.operands.at(-1)?.many === true;
  const excess = takesMany ? undefined : operands[command.operands.length];
  if (excess !== undefined) return `drover ${command.name} cannot do anything with "${excess}": ${usage}`;
  const index = command.operands.findIndex((operand, i) => !mayBe(operand, operands[i]));
  if (index === -1) return undefined;
  const { name, values = [] } = command.operands[index]!;
  const given = operands[index]!;
  return `${name} is "${given}", should be one of ${values.join(', ')}${didYouMean(given, values)}`;
}

function mayBe(operand: Operand, given: string | undefined): boolean {
  return given === undefined || operand.values === undefined || operand.values.includes(given);
}

const withArticle = (name: string): string => `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;

export function usageOf(command: Command): string {
  return `drover ${command.name}${operandsOf(command)}${Object.keys(command.options).length > 0 ? ' [options]' : ''}`;
}

export function operandsOf({ operands }: Command): string {
  return operands
    .map(({ name, optional, many }) => ` ${optional === true ? `[${name}]` : name}${many === true ? '…' : ''}`)
    .join('');
}

export function valueWords(spec: OptionSpec): string {
  if (spec.kind === 'flag') return '';
  return spec.kind === 'choice' ? spec.values.join('|') : spec.placeholder;
}
