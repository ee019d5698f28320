import { defineCommand } from '../command.ts';
import { clientOf, DAEMON_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';

const PLAN_OPERAND = { name: 'PLAN', about: 'Id of a plan that waits; `drover plans` lists them' };

export const confirm = defineCommand({
  name: 'confirm',
  group: 'run',
  about: 'Let a plan that waits for confirmation begin',
  more: 'Plans wait in mode confirm. What the plan says is checked again before it begins.',
  operands: [PLAN_OPERAND],
  options: DAEMON_OPTIONS,
  examples: ['drover confirm plan-12'],
  async run(call) {
    const plan = call.operands[0]!;
    await clientOf(call).confirm(plan);
    if (call.json) await call.out.printJson({ plan, state: 'confirmed' });
    else await call.out.print(`${plan} is confirmed\n`);
    return DONE;
  },
});

export const reject = defineCommand({
  name: 'reject',
  group: 'run',
  about: 'Turn down a plan that waits for confirmation',
  more: '',
  operands: [PLAN_OPERAND],
  options: DAEMON_OPTIONS,
  examples: ['drover reject plan-12'],
  async run(call) {
    const plan = call.operands[0]!;
    await clientOf(call).reject(plan);
    if (call.json) await call.out.printJson({ plan, state: 'rejected' });
    else await call.out.print(`${plan} is rejected\n`);
    return DONE;
  },
});
