import { closest } from '../config/closest.ts';
import { Refused, Unreachable } from '../serve/client.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { WrongAddress } from './daemon-client.ts';
import { commandHelp, helpText } from './help.ts';
import { DONE, type Ending, type Io, isEnding, refused, wrong } from './io.ts';
import { parseCall } from './parse.ts';
import { BrokenPipe, Printer } from './printer.ts';

/** The whole command line: prints to `io` and gives the exit code. Leaves the process alone. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  const out = new Printer(io.stdout);
  const complaints = new Printer(io.stderr);
  try {
    const ending = await ended(argv, io, out);
    await out.flush();
    await complaints.printLines(ending.sentences.map((sentence) => `drover: ${sentence}`));
    return ending.exitCode;
  } catch (error) {
    if (error instanceof BrokenPipe) return 0;
    throw error;
  }
}

async function ended(argv: readonly string[], io: Io, out: Printer): Promise<Ending> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(rest, out);
  const command = commandNamed(name === '--version' ? 'version' : name);
  if (isEnding(command)) return command;
  const parsed = parseCall(command, rest);
  if (isEnding(parsed)) return parsed;
  if (parsed.options.help !== undefined) {
    await out.print(commandHelp(command));
    return DONE;
  }
  const call = { ...parsed, json: parsed.options.json !== undefined, io, out };
  return command.run(call).catch(outage);
}

async function help([name]: readonly string[], out: Printer): Promise<Ending> {
  if (name === undefined) {
    await out.print(helpText(COMMANDS));
    return DONE;
  }
  const command = commandNamed(name);
  if (isEnding(command)) return command;
  await out.print(commandHelp(command));
  return DONE;
}

function commandNamed(name: string): Command | Ending {
  const command = COMMANDS.find((each) => each.name === name);
  if (command !== undefined) return command;
  const meant = closest(
    name,
    COMMANDS.map((each) => each.name),
  );
  const remedy = meant === undefined ? '; `drover --help` lists the commands' : ` — did you mean "${meant}"?`;
  return wrong(`drover has no command "${name}"${remedy}`);
}

/** A daemon that is away or says no has said so in a sentence; anything else is a bug and keeps its stack. */
function outage(error: unknown): Ending {
  if (error instanceof WrongAddress) return wrong(error.message);
  if (error instanceof Unreachable || error instanceof Refused) return refused(error.message);
  throw error;
}
