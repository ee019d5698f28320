import { defineCommand } from '../command.ts';
import { asked, clientOf, moreLine, PAGE_OPTIONS } from '../daemon-client.ts';
import { DONE } from '../io.ts';

export const decisions = defineCommand({
  name: 'decisions',
  group: 'look',
  about: 'What the daemon decided lately, and why',
  more: 'Newest first. Refused ones say which rule or price spoke against them.',
  operands: [],
  options: {
    ...PAGE_OPTIONS,
    verdict: { kind: 'choice', values: ['accepted', 'refused'], about: 'Only those' },
    vm: { kind: 'text', placeholder: 'VM', about: 'Only decisions about this VM' },
  },
  examples: ['drover decisions --limit 10', 'drover decisions --vm web-17', 'drover decisions --verdict refused'],
  async run(call) {
    const { limit, verdict, vm } = call.options;
    const page = await clientOf(call).decisions(asked({ limit, verdict, vm }));
    const lines = page.items.map(({ atMs, phase, words }) => `${new Date(atMs).toISOString()}  ${phase}: ${words}`);
    if (call.json) await call.out.printJson(page);
    else if (page.total === 0) await call.out.print('no decisions\n');
    else await call.out.printLines([...lines, ...moreLine(lines.length, page.total)]);
    return DONE;
  },
});
