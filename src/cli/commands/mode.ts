import { MODES, type Mode } from '../../domain/profile.ts';
import { defineCommand } from '../command.ts';
import { clientOf, DAEMON_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';

export const mode = defineCommand({
  name: 'mode',
  group: 'run',
  about: 'Change how far the daemon goes by itself',
  more: `observe: metrics only; recommend: decisions are shown and nothing is done; confirm: each plan waits for a person;
auto: plans begin by themselves.`,
  operands: [{ name: 'MODE', about: MODES.join(', '), values: MODES }],
  options: DAEMON_OPTIONS,
  examples: ['drover mode recommend', 'drover mode auto'],
  async run(call) {
    const wanted = call.operands[0] as Mode;
    await clientOf(call).setMode(wanted);
    if (call.json) await call.out.printJson({ mode: wanted });
    else await call.out.print(`the mode is ${wanted}\n`);
    return DONE;
  },
});
