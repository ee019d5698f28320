import type { Profile } from '../domain/profile.ts';
import type { OptionSpecs, OptionValues } from './options.ts';
import { compileOptions } from './options.ts';
import type { Policy } from './policy.ts';

/** A policy as its file states it, with the hash of that file. */
export interface PolicyFile {
  readonly policy: Policy;
  readonly version: string;
}

/** A policy at work: chosen by the profile, its options compiled. */
export interface LoadedPolicy extends PolicyFile {
  readonly weight: number;
  readonly values: OptionValues<OptionSpecs>;
}

export interface Choice {
  readonly chosen: readonly LoadedPolicy[];
  /** One sentence for each entry of the profile that cannot be honoured. */
  readonly problems: readonly string[];
}

export function choosePolicies(files: readonly PolicyFile[], profile: Profile): Choice {
  const chosen: LoadedPolicy[] = [];
  const problems: string[] = [];
  for (const [id, { weight, options }] of Object.entries(profile.policies)) {
    const file = files.find(({ policy }) => policy.id === id);
    if (file === undefined) {
      const known = files.map(({ policy }) => policy.id).join(', ');
      problems.push(`profile.policies.${id}: there is no such policy; known: ${known || 'none'}`);
      continue;
    }
    const compiled = compileOptions(file.policy.options, options);
    if ('problems' in compiled) problems.push(...compiled.problems.map((p) => `profile.policies.${id}.options: ${p}`));
    else if (weight > 0) chosen.push({ ...file, weight, values: compiled.values });
  }
  return { chosen, problems };
}
