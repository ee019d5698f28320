import { closest } from '../../config/closest.ts';
import { explainHost, explainVm, type HostExplanation, type HostOutlook } from '../../decide/explain.ts';
import { differenceWords, refusalWords, signedMoney, someOf } from '../../domain/decision-words.ts';
import { moneyWords } from '../../domain/words.ts';
import { CASE_OPERAND, openCase, POLICIES_OPTION } from '../case-input.ts';
import { defineCommand } from '../command.ts';
import { isEnding, wrong } from '../io.ts';
import { table } from '../table.ts';

export const explain = defineCommand({
  name: 'explain',
  group: 'try',
  about: 'Say for one VM what each host would cost, or which rule forbids it',
  more: 'Best hosts first. The difference is that of the whole fleet, in money per hour; negative is better.',
  operands: [CASE_OPERAND],
  options: {
    vm: { kind: 'text', placeholder: 'VM', about: 'Which VM' },
    host: { kind: 'text', placeholder: 'HOST', about: 'Instead of a VM: why this host is not switched off' },
    limit: { kind: 'number', placeholder: 'N', about: 'Only the N best hosts' },
    policies: POLICIES_OPTION,
  },
  examples: [
    'drover explain case.json --vm web-17',
    'drover explain case.json --vm web-17 --limit 5',
    'drover explain case.json --host h3',
  ],
  async run({ operands, options, json, io, out }) {
    const { vm, host, limit = Number.POSITIVE_INFINITY } = options;
    if ((vm === undefined) === (host === undefined))
      return wrong('drover explain needs a VM or a host: drover explain CASE --vm VM, or --host HOST');
    if (!(limit >= 1)) return wrong(`--limit is ${limit}, should be 1 or more`);
    const opened = await openCase(io, operands[0]!, options.policies);
    if (isEnding(opened)) return opened;
    const { input, currency, warnings } = opened;
    if (host !== undefined) {
      const why = explainHost(input, host);
      if (why === undefined) return wrong(unknown(operands[0]!, 'host', host, input.snapshot.hosts.ids));
      if (json) await out.printJson({ host, ...why });
      else await out.printLines([hostWords(host, why)]);
      return { exitCode: 0, sentences: [...warnings, ...leftOut(why.skipped)] };
    }
    const explanation = explainVm(input, vm!);
    if (explanation === undefined) return wrong(unknown(operands[0]!, 'VM', vm!, input.snapshot.vms.ids));
    const shown = explanation.hosts.slice(0, limit);
    if (json) await out.printJson({ vm, hosts: shown, skipped: explanation.skipped });
    else await out.printLines(outlookTable(shown, currency));
    return { exitCode: 0, sentences: [...warnings, ...leftOut(explanation.skipped)] };
  },
});

function leftOut(skipped: HostExplanation['skipped']): string[] {
  return skipped.map(({ policy, because }) => `policy ${policy} is left out: ${because}`);
}

function hostWords(host: string, { power, staysOn }: HostExplanation): string {
  if (staysOn !== null) return `${host} stays on for ${refusalWords(staysOn)}`;
  return power === 'on' ? `nothing keeps ${host} on` : `${host} is ${power}`;
}

function unknown(file: string, what: string, name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  const hint = meant === undefined ? `; there are ${someOf(known, MOST_NAMED, ', ')}` : ` — did you mean "${meant}"?`;
  return `${file}: there is no ${what} "${name}"${known.length === 0 ? '' : hint}`;
}

/** Of what there is, enough to see what names look like. */
const MOST_NAMED = 3;

const COLUMNS = [
  { title: 'HOST' },
  { title: 'PER HOUR', align: 'right' },
  { title: 'ONCE', align: 'right' },
  { title: 'PAYS' },
  { title: 'WHY' },
] as const;

function outlookTable(outlooks: readonly HostOutlook[], currency: string): string[] {
  const rows = outlooks.map((outlook) => {
    if (outlook.current) return [outlook.host, '', '', '', 'it is here'];
    return [
      outlook.host,
      signedMoney(outlook.differencePerHour, currency),
      moneyWords(outlook.onceCost, currency),
      outlook.pays ? 'yes' : 'no',
      whyWords(outlook, currency),
    ];
  });
  return table(COLUMNS, rows);
}

function whyWords({ refusal, remedies, terms }: HostOutlook, currency: string): string {
  const difference = differenceWords(terms, currency) || 'no difference';
  if (refusal === undefined) return difference;
  const remedy = remedies.length === 0 ? {} : { remedy: remedies.join('; ') };
  return `forbidden by ${refusalWords({ ...refusal, ...remedy })} (${difference})`;
}
