import type { Change } from '../domain/change.ts';

const BETWEEN_WORDS = /([\s:;,()]+)/;
const AMOUNT = /…(?: (?:ms|s|min|h|days|%|[KMG]iB|B|[KMG]iB\/s|B\/s)\b)?(?: … (?:s|min)\b)?/g;

/**
 * A reason without its names and amounts, so that reasons can be counted: "waits for the target: … of … migrations in
 * flight". Hosts, VMs, steps and plans that the change does not name are told by the digits in their ids.
 */
export function reasonKind(because: string, change: Change): string {
  const wordFor = namesIn(change);
  const words = because.split(BETWEEN_WORDS).map((word) => wordFor.get(word) ?? (/\d/.test(word) ? '…' : word));
  return words.join('').replace(AMOUNT, '…');
}

function namesIn(change: Change): ReadonlyMap<string, string> {
  if (change.kind === 'power') return new Map([[change.host, 'the host']]);
  return new Map([
    [change.vm, 'the VM'],
    [change.from, 'the source'],
    [change.to, 'the target'],
  ]);
}
