import { defineCommand } from '../command.ts';
import { giveOrder, ORDER_OPTIONS } from '../order.ts';

const HOST_OPERAND = { name: 'HOST', about: 'Name of the host' };

export const prove = defineCommand({
  name: 'prove',
  group: 'order',
  about: 'Try a host out: switch it off and on, to see that it comes back',
  more: `It is emptied first. No host is switched off before it was once seen to come back. Drover tries
hosts out by itself when all is calm (hostPower.proveWhenCalm); \`drover orders\` lists those still unproven.`,
  operands: [HOST_OPERAND],
  options: ORDER_OPTIONS,
  examples: ['drover prove h3'],
  run: (call) => giveOrder(call, (client, body) => client.orderHost('prove', call.operands[0]!, body)),
});

export const vouch = defineCommand({
  name: 'vouch',
  group: 'order',
  about: 'Answer for it that a host comes back, in place of a trial',
  more: '',
  operands: [HOST_OPERAND],
  options: ORDER_OPTIONS,
  examples: ['drover vouch h3'],
  run: (call) => giveOrder(call, (client, body) => client.orderHost('vouch', call.operands[0]!, body)),
});

export const clear = defineCommand({
  name: 'clear',
  group: 'order',
  about: 'Trust a suspect host again, once it was looked after',
  more: 'A host that did not obey a switch is suspect: nothing is done with it. Once cleared, it has to be proven anew.',
  operands: [HOST_OPERAND],
  options: ORDER_OPTIONS,
  examples: ['drover clear h3'],
  run: (call) => giveOrder(call, (client, body) => client.orderHost('clear', call.operands[0]!, body)),
});
