import type { Profile } from '../domain/profile.ts';
import { STOCK } from './policy-files.ts';

const AT_WORK = { weight: 1, options: {} };

/**
 * A policy of one's own is at work from the moment it is there, with weight 1 and its default options, unless the
 * profile names it. Those that come with Drover wait to be named.
 */
export function newcomers(profile: Profile, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => !STOCK.has(id) && !Object.hasOwn(profile.policies, id));
}

/** The profile as if it named the newcomers. */
export function withNewcomers(profile: Profile, ids: readonly string[]): Profile {
  const found = newcomers(profile, ids);
  if (found.length === 0) return profile;
  return { ...profile, policies: { ...profile.policies, ...Object.fromEntries(found.map((id) => [id, AT_WORK])) } };
}
