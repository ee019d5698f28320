import { readCase } from '../../case/read-case.ts';
import { problemWords } from '../../config/problem.ts';
import { decide } from '../../decide/decide.ts';
import { toSnapshot } from '../../domain/inventory.ts';
import { POLICIES_OPTION, policiesFor } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { type Ending, refused, wrong } from '../io.ts';
import { PAST_OPTIONS, withPast } from '../past.ts';
import { type Comparison, compare } from '../replaying.ts';

export const replay = defineCommand({
  name: 'replay',
  group: 'try',
  about: 'Decide a cycle of the past again, with the code and policies of now',
  more: `Says whether the decisions are the same; where they are not, the exit code is 1. A large datacenter's cycle looks
only at hosts that have changed since the one before; a replay looks at all, and may find more. Where no daemon
answers, the journal is read that one left in the state folder of the configuration here.`,
  operands: [{ name: 'CYCLE', about: 'Number of a cycle; `drover history` lists them' }],
  options: { ...PAST_OPTIONS, policies: POLICIES_OPTION },
  examples: ['drover replay 70', 'drover replay 70 --json | jq .onlyNow'],
  async run(call) {
    const cycle = call.operands[0]!;
    if (!/^\d{1,15}$/.test(cycle)) {
      return wrong(`CYCLE is "${cycle}", should be the number of a cycle; \`drover history\` lists them`);
    }
    const { answer, sentences } = await withPast(call, async (past) => ({
      decisions: (await past.cycle(cycle)).decisions,
      caseText: await past.cycleCase(cycle),
    }));
    const read = readCase(answer.caseText, `cycle ${cycle}`);
    if (Array.isArray(read)) return wrong(...read.map(problemWords));
    const { inventory, profile, prices, limits, power } = read;
    const folders = call.options.policies === undefined ? [] : [call.options.policies];
    const { chosen, problems, warnings } = await policiesFor(profile, folders, call.io);
    if (problems.length > 0) return wrong(...problems);
    const now = decide({ snapshot: toSnapshot(inventory), policies: chosen, profile, prices, limits, power });
    const comparison = compare(answer.decisions, now.decisions);
    if (call.json) await call.out.printJson({ cycle: Number(cycle), ...comparison });
    else await call.out.printLines(lines(cycle, comparison));
    return ending(comparison, [...sentences, ...warnings]);
  },
});

function ending({ onlyThen, onlyNow }: Comparison, warnings: readonly string[]): Ending {
  if (onlyThen.length === 0 && onlyNow.length === 0) return { exitCode: 0, sentences: warnings };
  return refused(...warnings, 'the decisions are not the same');
}

function lines(cycle: string, { same, onlyThen, onlyNow, changedPolicies }: Comparison): string[] {
  const all = onlyThen.length === 0 && onlyNow.length === 0 ? 'the same decisions' : 'decisions are the same';
  return [
    `cycle ${cycle}: ${same} ${all}`,
    ...onlyThen.map((words) => `only then  ${words}`),
    ...onlyNow.map((words) => `only now   ${words}`),
    ...changedPolicies.map((policy) => `changed    policy ${policy} is of another version now`),
  ];
}
