import { resolve } from 'node:path';
import type { Settings } from '../../config/settings.ts';
import type { Profile } from '../../domain/profile.ts';
import { type FoundPolicy, loadPolicies } from '../../loading/load-policies.ts';
import { withNewcomers } from '../../loading/newcomers.ts';
import { choosePolicies } from '../../sdk/choose.ts';
import type { OptionSpecs } from '../../sdk/options.ts';
import type { Call } from '../command.ts';
import type { Ending } from '../io.ts';

/** One policy as a daemon with this configuration would have it. */
export interface PolicyListing {
  readonly id: string;
  readonly version: string;
  readonly file: string;
  readonly about: string;
  /** 0 while it is not at work. */
  readonly weight: number;
  /** Why it is not at work though it should be; empty when all is well. */
  readonly trouble: string;
  readonly options: readonly OptionListing[];
}

interface OptionListing {
  readonly name: string;
  readonly about: string;
  readonly fallback: unknown;
  /** What the profile says, or the default. */
  readonly value: unknown;
  readonly unit?: string;
}

export async function listPolicies(
  { profile, policyFolders }: Pick<Settings, 'profile' | 'policyFolders'>,
  folders: readonly string[],
  { io, out, json }: Pick<Call, 'io' | 'out' | 'json'>,
): Promise<Ending> {
  const all = [...policyFolders, ...folders].map((folder) => resolve(io.cwd, folder));
  const { policies, problems } = await loadPolicies({ folders: all });
  const effective = withNewcomers(
    profile,
    policies.map(({ policy }) => policy.id),
  );
  const listings = policies.map((found) => listing(found, effective));
  if (json) await out.printJson({ policies: listings, problems });
  else
    await out.printLines(listings.flatMap((each, i) => (i === 0 ? listingLines(each) : ['', ...listingLines(each)])));
  return { exitCode: 0, sentences: problems };
}

function listing(found: FoundPolicy, profile: Profile): PolicyListing {
  const { policy, version, file } = found;
  const { id, about } = policy;
  const choice = profile.policies[id];
  const { policies: _, ...rest } = profile;
  const { chosen, problems } = choosePolicies([found], {
    ...rest,
    policies: choice === undefined ? {} : { [id]: choice },
  });
  const values: Readonly<Record<string, unknown>> = chosen[0]?.values ?? {};
  const options = Object.entries(policy.options).map(([name, spec]) => optionListing(name, spec, values[name]));
  return { id, version, file, about, weight: chosen[0]?.weight ?? 0, trouble: problems.join('; '), options };
}

function optionListing(name: string, spec: OptionSpecs[string], value: unknown): OptionListing {
  const { about, fallback, unit } = spec;
  return { name, about, fallback, value: value ?? fallback, ...(unit !== undefined && { unit }) };
}

function listingLines({ id, version, file, about, weight, trouble, options }: PolicyListing): string[] {
  const standing =
    trouble === '' ? (weight > 0 ? `at work with weight ${weight}` : 'not at work') : `not at work: ${trouble}`;
  return [
    `${id}  ${standing}`,
    `    ${about}`,
    `    ${file}, version ${version}`,
    ...options.map((option) => `    ${optionWords(option)}`),
  ];
}

function optionWords({ name, about, value, fallback, unit }: OptionListing): string {
  const given = value === fallback ? '' : ` (default ${String(fallback)})`;
  return `${name} = ${String(value)}${given}${unit === undefined || unit === 'share' ? '' : ` ${unit}`}: ${about}`;
}
