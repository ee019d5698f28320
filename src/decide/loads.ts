import type { Draft } from '../domain/draft.ts';
import { RESOURCES } from '../domain/resources.ts';
import { shareWords } from '../domain/words.ts';

/** Share of the host's capacity in use, for the resource that is used most. */
export function fullestResource(draft: Draft, host: number): { readonly resource: number; readonly share: number } {
  let resource = 0;
  let share = 0;
  RESOURCES.forEach((_, r) => {
    const capacity = draft.snapshot.hosts.capacity[r]![host]!;
    const used = capacity > 0 ? draft.used(r)[host]! / capacity : 0;
    if (used > share) {
      resource = r;
      share = used;
    }
  });
  return { resource, share };
}

/** "92 % cpu". */
export function resourceWordsAt(draft: Draft, host: number): string {
  const { resource, share } = fullestResource(draft, host);
  return `${shareWords(share)} ${RESOURCES[resource]!.name}`;
}
