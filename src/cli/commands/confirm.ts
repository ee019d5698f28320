import { defineCommand } from '../command.ts';
import { clientOf } from '../daemon-client.ts';
import { DONE } from '../io.ts';
import { ORDER_OPTIONS } from '../order.ts';

const PLAN_OPERAND = { name: 'PLAN', about: 'Id of a plan that waits; `drover plans` lists them' };

export const confirm = defineCommand({
  name: 'confirm',
  group: 'run',
  about: 'Let a plan that waits for confirmation begin',
  more: `Plans wait in mode confirm. What the plan says is checked again before it begins. With --only, one decision of it
or some are carried out, each whole; the rest is decided anew afterwards. \`drover plan\` and the console say which
steps belong to which decision.`,
  operands: [PLAN_OPERAND],
  options: {
    ...ORDER_OPTIONS,
    only: { kind: 'text', placeholder: 'DECISION,…', about: 'No more of the plan than these decisions' },
  },
  examples: ['drover confirm p12', 'drover confirm p12 --only d12-3,d12-5'],
  async run(call) {
    const plan = call.operands[0]!;
    const dryRun = call.options['dry-run'] === true;
    await clientOf(call).confirm(plan, dryRun, call.options.only?.split(',') ?? []);
    if (call.json) await call.out.printJson({ plan, state: dryRun ? 'could be confirmed' : 'confirmed' });
    else await call.out.print(`${plan} ${dryRun ? 'could be' : 'is'} confirmed\n`);
    return DONE;
  },
});

export const reject = defineCommand({
  name: 'reject',
  group: 'run',
  about: 'Turn down a plan that waits for confirmation',
  more: '',
  operands: [PLAN_OPERAND],
  options: ORDER_OPTIONS,
  examples: ['drover reject plan-12'],
  async run(call) {
    const plan = call.operands[0]!;
    const dryRun = call.options['dry-run'] === true;
    await clientOf(call).reject(plan, dryRun);
    if (call.json) await call.out.printJson({ plan, state: dryRun ? 'could be rejected' : 'rejected' });
    else await call.out.print(`${plan} ${dryRun ? 'could be' : 'is'} rejected\n`);
    return DONE;
  },
});
