import { defineCommand } from '../command.ts';
import { giveOrder, ORDER_OPTIONS } from '../order.ts';

const STATES = ['on', 'off'] as const;

export const power = defineCommand({
  name: 'power',
  group: 'order',
  about: 'Switch a host on or off',
  more: `It is switched off only empty, proven to come back, and where the reserves allow; and only where hosts may be
switched at all (power: true). What a person switches off, Drover does not wake by itself.`,
  operands: [
    { name: 'HOST', about: 'Name of the host' },
    { name: 'STATE', about: STATES.join(' or '), values: STATES },
  ],
  options: ORDER_OPTIONS,
  examples: ['drover power h3 off --dry-run', 'drover power h3 on'],
  run: (call) => {
    const [host, state] = call.operands;
    return giveOrder(call, (client, body) => client.power(host!, state === 'on' ? 'on' : 'off', body));
  },
});
