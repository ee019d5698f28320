import type { Column } from '../domain/columns.ts';
import type { Draft } from '../domain/draft.ts';
import { RESOURCES } from '../domain/resources.ts';
import type { HostColumns } from '../domain/snapshot.ts';
import { shareWords } from '../domain/words.ts';

/** What hosts have in use, per resource. */
export type Loads = readonly Column[];

export function loadsOf(draft: Draft): Loads {
  return RESOURCES.map((_, r) => Float64Array.from(draft.used(r)));
}

/** "92 % cpu": the share in use of the resource that is used most. */
export function resourceWords({ capacity }: HostColumns, loads: Loads, host: number): string {
  let resource = 0;
  let most = 0;
  loads.forEach((used, r) => {
    const share = capacity[r]![host]! > 0 ? used[host]! / capacity[r]![host]! : 0;
    if (share <= most) return;
    resource = r;
    most = share;
  });
  return `${shareWords(most)} ${RESOURCES[resource]!.name}`;
}

/** The same for a host as it stands. */
export function resourceWordsAt(draft: Draft, host: number): string {
  const loads = RESOURCES.map((_, r) => draft.used(r));
  return resourceWords(draft.snapshot.hosts, loads, host);
}
