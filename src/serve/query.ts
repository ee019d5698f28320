import { type Answer, refuse } from './answer.ts';
import type { Page } from './api.ts';

export const DEFAULT_LIMIT = 1000;
export const MOST_LIMIT = 5000;

export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/** Reads `?limit=&offset=`; a refusal says which is wrong. */
export function readSlice(query: URLSearchParams): Slice | { readonly refusal: Answer } {
  const limit = wholeNumber(query.get('limit'), DEFAULT_LIMIT);
  const offset = wholeNumber(query.get('offset'), 0);
  if (limit === undefined || limit < 1 || limit > MOST_LIMIT) {
    return {
      refusal: refuse(400, `limit must be a whole number from 1 to ${MOST_LIMIT}, not "${query.get('limit')}"`),
    };
  }
  if (offset === undefined) {
    return { refusal: refuse(400, `offset must be a whole number from 0, not "${query.get('offset')}"`) };
  }
  return { offset, limit };
}

/** The slice of a list, with only the items of the slice made into what is shown. */
export function pageOf<T, U>(list: readonly T[], { offset, limit }: Slice, show: (items: T[]) => U[]): Page<U> {
  return { total: list.length, offset, items: show(list.slice(offset, offset + limit)) };
}

function wholeNumber(text: string | null, otherwise: number): number | undefined {
  if (text === null) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
