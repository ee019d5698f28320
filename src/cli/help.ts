import { allOptions, type Command, GROUPS, type Group } from './command.ts';
import { operandsOf, usageOf, valueWords } from './parse.ts';

const OPENING = `Drover keeps a virtualised datacenter in good shape while it runs: it observes hosts and VMs,
decides what would be better and says why, plans how to get there, and acts within strict limits.`;

const CLOSING = `A CASE is a JSON file that states a whole datacenter at one instant; - reads it from stdin.
Every command takes --json. \`drover COMMAND --help\` explains one of them, with examples.
Exit codes: 0 success, 1 refused or failed, 2 wrong usage or configuration.`;

export function helpText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => nameWithOperands(command).length));
  const groups = (Object.keys(GROUPS) as Group[]).map((group) => {
    const lines = commands
      .filter((command) => command.group === group)
      .map((command) => `  ${nameWithOperands(command).padEnd(width)}  ${command.about}`);
    return `${GROUPS[group]}:\n${lines.join('\n')}`;
  });
  return `${[OPENING, 'Usage: drover COMMAND [options]', ...groups, CLOSING].join('\n\n')}\n`;
}

export function commandHelp(command: Command): string {
  const parts = [`${command.about}.`, `Usage: ${usageOf(command)}`];
  if (command.more !== '') parts.splice(1, 0, command.more);
  const operands = command.operands.map(({ name, about }) => [name, about] as const);
  if (operands.length > 0) parts.push(definitions(operands));
  const options = Object.entries(allOptions(command)).map(([name, spec]) => {
    return [`--${name} ${valueWords(spec)}`.trimEnd(), spec.about] as const;
  });
  parts.push(`Options:\n${definitions(options)}`);
  parts.push(`Examples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`);
  return `${parts.join('\n\n')}\n`;
}

const nameWithOperands = (command: Command): string => `${command.name}${operandsOf(command)}`;

const MOST_INDENT = 30;

/** Terms on the left, their sentences on the right; a term too long for its column has a line of its own. */
function definitions(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(MOST_INDENT, Math.max(...rows.map(([term]) => term.length)));
  const lines = rows.map(([term, about]) => {
    if (term.length > width) return `  ${term}\n  ${' '.repeat(width)}  ${about}`;
    return `  ${term.padEnd(width)}  ${about}`;
  });
  return lines.join('\n');
}
