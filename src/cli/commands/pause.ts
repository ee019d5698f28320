import { defineCommand } from '../command.ts';
import { giveOrder, ORDER_OPTIONS } from '../order.ts';

export const pause = defineCommand({
  name: 'pause',
  group: 'order',
  about: 'Start nothing any more in the whole cluster',
  more: 'What is under way goes on. A pause stands until `drover resume`, whatever happens to the daemon.',
  operands: [],
  options: ORDER_OPTIONS,
  examples: ['drover pause'],
  run: (call) => giveOrder(call, (client, body) => client.pause(body)),
});

export const resume = defineCommand({
  name: 'resume',
  group: 'order',
  about: 'Go on after a pause',
  more: '',
  operands: [],
  options: ORDER_OPTIONS,
  examples: ['drover resume'],
  run: (call) => giveOrder(call, (client, body) => client.resume(body)),
});
