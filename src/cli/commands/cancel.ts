import { defineCommand } from '../command.ts';
import { giveOrder, ORDER_OPTIONS } from '../order.ts';

export const cancel = defineCommand({
  name: 'cancel',
  group: 'order',
  about: 'Cancel a step that waits, or a migration under way',
  more: `It is too late once the guest is being switched over. Automatic changes leave the VM or host in peace for its
cool-down. A drain plans what is left of it anew.`,
  operands: [{ name: 'STEP', about: 'Id of the step; `drover steps` lists them' }],
  options: ORDER_OPTIONS,
  examples: ['drover cancel p70-s1'],
  run: (call) => giveOrder(call, (client, body) => client.cancel(call.operands[0]!, body)),
});
