/** What the compiler calls a fault: where in which file, its number, and what it says. */
const FAULT = /^(.*?)\((\d+),\d+\): error (TS\d+): (.*)$/;
/** Declared and never used: mostly because of another fault. */
const UNUSED = 'TS6133';

/** Names that other programs have and policies lack on purpose, and what to do instead. */
const LACKING = /Cannot find name '(console|setTimeout|setInterval|setImmediate|process|fetch|require|Buffer|window)'/;
const FOREIGN = /Cannot find module(?: or type declarations for side-effect import of)? '([^'.][^']*)'/;

/** What an author says of an option that was not defined. */
const OPTION = /Property '(\w+)' does not exist on type 'OptionValues<\{(.*)\}>'/;

/** The faults in one folder, each in one sentence with its line; those that follow from others are left out. */
export function compilerFaults(output: string, folder: string): string[] {
  const faults = output.split('\n').flatMap((line) => {
    const [, file = '', row, number, said = ''] = FAULT.exec(line.trim()) ?? [];
    const parts = file.split('/');
    if (parts.at(-2) !== folder) return [];
    return [{ number, words: `${parts.at(-1)} line ${row}: ${sentence(said)}` }];
  });
  const main = faults.filter(({ number }) => number !== UNUSED);
  return [...new Set((main.length > 0 ? main : faults).map(({ words }) => words))];
}

function sentence(said: string): string {
  const lacking = LACKING.exec(said)?.[1];
  if (lacking !== undefined) {
    return `a policy has no ${lacking}: it sees the fleet, options and prices, and gives amounts of money or proposals`;
  }
  const foreign = FOREIGN.exec(said)?.[1];
  if (foreign !== undefined) return `a policy cannot import '${foreign}', only '#sdk' and files beside it`;
  const [, option, known = ''] = OPTION.exec(said) ?? [];
  if (option === undefined) return said;
  return `there is no option '${option}'; known: ${[...known.matchAll(/readonly (\w+):/g)].map(([, name]) => name).join(', ')}`;
}
