import { isAccepted } from '../../domain/decision.ts';
import { CASE_OPERAND, openCase, POLICIES_OPTION } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { DEEP_OPTIONS, DEEP_WORDS, decideAsAsked, deepTrouble } from '../deciding.ts';
import { phasedLine, summaryLines } from '../decision-lines.ts';
import { isEnding } from '../io.ts';

export const decide = defineCommand({
  name: 'decide',
  group: 'try',
  about: 'Decide about a case, and say why',
  more: `The same code as in the daemon, on one instant. Nothing is done.\n${DEEP_WORDS}`,
  operands: [CASE_OPERAND],
  options: {
    policies: POLICIES_OPTION,
    ...DEEP_OPTIONS,
    refused: { kind: 'flag', about: 'Also list what was proposed and refused' },
  },
  examples: [
    'drover decide case.json',
    'drover generate --hosts 40 --vms 300 | drover decide -',
    'drover decide case.json --deep --seconds 120',
    'drover decide case.json --policies ./my-policies --refused',
  ],
  async run({ operands, options, json, io, out }) {
    const trouble = deepTrouble(options);
    if (trouble !== undefined) return trouble;
    const opened = await openCase(io, operands[0]!, options.policies);
    if (isEnding(opened)) return opened;
    const { input, currency, warnings } = opened;
    const verdicts = decideAsAsked(input, options);
    if (json) await out.printJson(verdicts);
    else {
      const listed = verdicts.decisions.filter((decision) => options.refused === true || isAccepted(decision));
      await out.printLines(listed.map((decision) => phasedLine(decision, currency)));
      await out.printLines([...(listed.length > 0 ? [''] : []), ...summaryLines(verdicts, currency)]);
    }
    return { exitCode: 0, sentences: warnings };
  },
});
