import { decide as decideCase } from '../../decide/decide.ts';
import { isAccepted } from '../../domain/decision.ts';
import { CASE_OPERAND, openCase, POLICIES_OPTION } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { phasedLine, summaryLines } from '../decision-lines.ts';
import { isEnding } from '../io.ts';

export const decide = defineCommand({
  name: 'decide',
  group: 'try',
  about: 'Decide about a case, and say why',
  more: 'The same code as in the daemon, on one instant. Nothing is done.',
  operands: [CASE_OPERAND],
  options: {
    policies: POLICIES_OPTION,
    refused: { kind: 'flag', about: 'Also list what was proposed and refused' },
  },
  examples: [
    'drover decide case.json',
    'drover generate --hosts 40 --vms 300 | drover decide -',
    'drover decide case.json --policies ./my-policies --refused',
  ],
  async run({ operands, options, json, io, out }) {
    const opened = await openCase(io, operands[0]!, options.policies);
    if (isEnding(opened)) return opened;
    const { input, currency, warnings } = opened;
    const verdicts = decideCase(input);
    if (json) await out.printJson(verdicts);
    else {
      const listed = verdicts.decisions.filter((decision) => options.refused === true || isAccepted(decision));
      await out.printLines(listed.map((decision) => phasedLine(decision, currency)));
      await out.printLines([...(listed.length > 0 ? [''] : []), ...summaryLines(verdicts, currency)]);
    }
    return { exitCode: 0, sentences: warnings };
  },
});
