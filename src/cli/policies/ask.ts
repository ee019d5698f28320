import type { PolicyStatus } from '../../serve/api.ts';
import type { Call } from '../command.ts';
import { clientOf } from '../daemon-client.ts';
import { DONE, type Ending } from '../io.ts';

/** The policies as a running daemon has them. */
export async function policiesOfDaemon(
  url: string,
  { out, json, io }: Pick<Call, 'out' | 'json' | 'io'>,
): Promise<Ending> {
  const policies = await clientOf({ options: { url }, io }).policies();
  if (json) await out.printJson(policies);
  else await out.printLines(policies.flatMap((each, i) => (i === 0 ? statusLines(each) : ['', ...statusLines(each)])));
  return DONE;
}

function statusLines({ id, about, version, weight, options, trouble }: PolicyStatus): string[] {
  const standing = weight > 0 ? `at work with weight ${weight}` : 'not at work';
  const values = Object.entries(options).map(([name, value]) => `${name} = ${String(value)}`);
  return [
    `${id}  ${standing}, version ${version || 'none'}`,
    ...(about === '' ? [] : [`    ${about}`]),
    ...(values.length === 0 ? [] : [`    ${values.join(', ')}`]),
    ...(trouble === '' ? [] : [`    trouble: ${trouble}`]),
  ];
}
