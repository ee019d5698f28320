import { defineCommand } from '../command.ts';
import { giveOrder, ORDER_OPTIONS } from '../order.ts';

const HOST_OPERAND = { name: 'HOST', about: 'Name of the host; `drover hosts` lists them' };

export const drain = defineCommand({
  name: 'drain',
  group: 'order',
  about: 'Empty a host and keep it empty, for maintenance',
  more: `Its VMs migrate to where the rules allow and it is cheapest, in every mode but observe; it says how long that will
take. A drain stands until \`drover undrain\`, whatever happens to the daemon.`,
  operands: [HOST_OPERAND],
  options: ORDER_OPTIONS,
  examples: ['drover drain h3 --dry-run', 'drover drain h3'],
  run: (call) => giveOrder(call, (client, body) => client.orderHost('drain', call.operands[0]!, body)),
});

export const undrain = defineCommand({
  name: 'undrain',
  group: 'order',
  about: 'Let a drained host take VMs again',
  more: '',
  operands: [HOST_OPERAND],
  options: ORDER_OPTIONS,
  examples: ['drover undrain h3'],
  run: (call) => giveOrder(call, (client, body) => client.orderHost('undrain', call.operands[0]!, body)),
});
