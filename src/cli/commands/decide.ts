import { type DecideInput, decide as decideCase, decideDeep } from '../../decide/decide.ts';
import { isAccepted, type Verdicts } from '../../domain/decision.ts';
import { SECOND } from '../../domain/units.ts';
import { CASE_OPERAND, openCase, POLICIES_OPTION } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { phasedLine, summaryLines } from '../decision-lines.ts';
import { isEnding, wrong } from '../io.ts';

const USUAL_SECONDS = 20;
const MOST_SECONDS = 24 * 3600;

export const decide = defineCommand({
  name: 'decide',
  group: 'try',
  about: 'Decide about a case, and say why',
  more: 'The same code as in the daemon, on one instant. Nothing is done. With --deep it is never worse than without, and\nmay be better: for consolidation that is planned and may take its time.',
  operands: [CASE_OPERAND],
  options: {
    policies: POLICIES_OPTION,
    deep: { kind: 'flag', about: 'Search on for as long as --seconds says, for moves that only pay together' },
    seconds: { kind: 'number', placeholder: 'N', about: `How long a deep search takes; ${USUAL_SECONDS} if left out` },
    seed: { kind: 'number', placeholder: 'N', about: 'Chance of a deep search; 1 if left out' },
    refused: { kind: 'flag', about: 'Also list what was proposed and refused' },
  },
  examples: [
    'drover decide case.json',
    'drover generate --hosts 40 --vms 300 | drover decide -',
    'drover decide case.json --deep --seconds 120',
    'drover decide case.json --policies ./my-policies --refused',
  ],
  async run({ operands, options, json, io, out }) {
    const { deep, seconds = USUAL_SECONDS, seed = 1 } = options;
    if (options.seconds !== undefined && deep !== true)
      return wrong('--seconds says how long --deep searches: add --deep');
    if (!(seconds > 0) || seconds > MOST_SECONDS) {
      return wrong(`--seconds is ${seconds}, should be above 0 and at most ${MOST_SECONDS}`);
    }
    const opened = await openCase(io, operands[0]!, options.policies);
    if (isEnding(opened)) return opened;
    const { input, currency, warnings } = opened;
    const verdicts = deep === true ? inSeconds(input, seconds, seed) : decideCase(input);
    if (json) await out.printJson(verdicts);
    else {
      const listed = verdicts.decisions.filter((decision) => options.refused === true || isAccepted(decision));
      await out.printLines(listed.map((decision) => phasedLine(decision, currency)));
      await out.printLines([...(listed.length > 0 ? [''] : []), ...summaryLines(verdicts, currency)]);
    }
    return { exitCode: 0, sentences: warnings };
  },
});

function inSeconds(input: DecideInput, seconds: number, seed: number): Verdicts {
  let startedAt: number | undefined;
  // The clock begins with the deep search: what comes before it takes the time that it takes in any case.
  const spent = () => {
    startedAt ??= performance.now();
    return (performance.now() - startedAt) / (seconds * SECOND);
  };
  return decideDeep(input, { seed, spent });
}
