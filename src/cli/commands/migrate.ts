import { defineCommand } from '../command.ts';
import { giveOrder, ORDER_OPTIONS } from '../order.ts';

export const migrate = defineCommand({
  name: 'migrate',
  group: 'order',
  about: 'Migrate one VM to a host',
  more: `It need not pay, but every rule holds. Automatic changes leave the VM there for its cool-down.
\`drover explain\` says what each host would cost.`,
  operands: [
    { name: 'VM', about: 'Name of the VM' },
    { name: 'HOST', about: 'Where to' },
  ],
  options: ORDER_OPTIONS,
  examples: ['drover migrate web-17 h9 --dry-run', 'drover migrate web-17 h9'],
  run: (call) => giveOrder(call, (client, body) => client.migrate(call.operands[0]!, call.operands[1]!, body)),
});
