import { resolve } from 'node:path';
import type { Case } from '../case/case.ts';
import type { DecideInput } from '../decide/decide.ts';
import { toSnapshot } from '../domain/inventory.ts';
import type { Profile } from '../domain/profile.ts';
import { loadPolicies } from '../loading/load-policies.ts';
import { newcomers, withNewcomers } from '../loading/newcomers.ts';
import { choosePolicies, type LoadedPolicy } from '../sdk/choose.ts';
import { type Ending, type Io, isEnding, wrong } from './io.ts';
import { readCaseFile } from './read-input.ts';

export const CASE_OPERAND = { name: 'CASE', about: 'Case file, or - for stdin' };

export const POLICIES_OPTION = {
  kind: 'text',
  placeholder: 'FOLDER',
  about: 'Folder with policies of your own, besides those that come with Drover',
} as const;

export interface ProfilePolicies {
  readonly chosen: readonly LoadedPolicy[];
  /** What of the profile cannot be honoured; where that is a file's fault, what is wrong with the file. */
  readonly problems: readonly string[];
  /** The profile as if it named every policy at work. */
  readonly profile: Profile;
  /** Policy files that do not load and are not needed either; and policies at work that the profile does not name. */
  readonly warnings: readonly string[];
}

export async function policiesFor(profile: Profile, folders: readonly string[], io: Io): Promise<ProfilePolicies> {
  const loaded = await loadPolicies({ folders: folders.map((folder) => resolve(io.cwd, folder)) });
  const ids = loaded.policies.map(({ policy }) => policy.id);
  const effective = withNewcomers(profile, ids);
  const { chosen, problems } = choosePolicies(loaded.policies, effective);
  if (problems.length > 0) {
    return { chosen, profile: effective, problems: [...loaded.problems, ...problems], warnings: [] };
  }
  const unnamed = newcomers(profile, ids).map((id) => `policy ${id} is at work, though the profile does not name it`);
  return { chosen, profile: effective, problems, warnings: [...loaded.problems, ...unnamed] };
}

export interface CaseInput {
  readonly input: DecideInput;
  readonly limits: Case['limits'];
  readonly currency: string;
  readonly warnings: readonly string[];
}

/** A case with the policies that its profile names: everything that deciding about it takes. */
export async function openCase(io: Io, name: string, folder: string | undefined): Promise<CaseInput | Ending> {
  const read = await readCaseFile(io, name);
  if (isEnding(read)) return read;
  const { inventory, prices, limits, power } = read;
  const folders = folder === undefined ? [] : [folder];
  const { chosen, profile, problems, warnings } = await policiesFor(read.profile, folders, io);
  if (problems.length > 0) return wrong(...problems.map((problem) => `${name}: ${problem}`));
  const input = { snapshot: toSnapshot(inventory), policies: chosen, profile, prices, limits, power };
  return { input, limits, currency: prices.currency, warnings };
}
