import { defineCommand } from '../command.ts';
import { clientOf, DAEMON_OPTIONS } from '../daemon-client.ts';
import { DONE, wrong } from '../io.ts';
import { powershellScript } from '../scripts/powershell.ts';
import { virshScript } from '../scripts/virsh.ts';

const WRITERS = { virsh: virshScript, powershell: powershellScript } as const;
const FORMS = ['virsh', 'powershell'] as const;

export const exportPlan = defineCommand({
  name: 'export',
  group: 'look',
  about: 'Write a plan as a script that would do the same by hand',
  more: `virsh: for bash, with virsh and ipmitool. powershell: with the cmdlets of Hyper-V. The steps come one after the
other, in the order of the plan; how hosts and their BMCs are reached is set at the top of the script.`,
  operands: [{ name: 'PLAN', about: 'Id of the plan; `drover plans` lists them' }],
  options: {
    ...DAEMON_OPTIONS,
    as: { kind: 'choice', values: FORMS, about: 'In which language' },
  },
  examples: ['drover export p70 --as virsh > p70.sh', 'drover export p70 --as powershell > p70.ps1'],
  async run(call) {
    const { as } = call.options;
    if (as === undefined) return wrong(`drover export needs a language: --as ${FORMS.join(' or --as ')}`);
    const plan = await clientOf(call).plan(call.operands[0]!);
    const script = WRITERS[as](plan);
    if (call.json) await call.out.printJson({ plan: plan.id, as, script });
    else await call.out.print(script);
    return DONE;
  },
});
