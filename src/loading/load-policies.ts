import { pathToFileURL } from 'node:url';
import type { PolicyFile } from '../sdk/choose.ts';
import type { Policy } from '../sdk/policy.ts';
import { folderNameOf, OWN_FOLDER, policyFilesIn, versionOf } from './policy-files.ts';
import { resolveImportsOfPolicies, versioned } from './resolve-imports.ts';

/** A policy with the place where it was found. */
export interface FoundPolicy extends PolicyFile {
  readonly file: string;
}

export interface LoadedFiles {
  readonly policies: readonly FoundPolicy[];
  /** One sentence for each file that could not be loaded. */
  readonly problems: readonly string[];
}

/** Loads `<folder>/<id>/policy.ts` of Drover's own folder and of those given; a later folder wins for the same id. */
export async function loadPolicies({ folders }: { readonly folders: readonly string[] }): Promise<LoadedFiles> {
  const policies = new Map<string, FoundPolicy>();
  const problems: string[] = [];
  for (const folder of [OWN_FOLDER, ...folders]) {
    const files = policyFilesIn(folder);
    if (typeof files === 'string') {
      problems.push(files);
      continue;
    }
    for (const file of files) {
      const loaded = await loadPolicy(file);
      if (typeof loaded === 'string') problems.push(loaded);
      else policies.set(loaded.policy.id, { ...loaded, file });
    }
  }
  return { policies: [...policies.values()], problems };
}

/** The policy that the file holds now, or what is wrong with it. */
export async function loadPolicy(file: string): Promise<PolicyFile | string> {
  resolveImportsOfPolicies();
  try {
    const version = versionOf(file);
    const module: { default?: unknown } = await import(versioned(pathToFileURL(file).href, version));
    const wrong = whatIsWrong(module.default, folderNameOf(file));
    if (wrong !== undefined) return `${file}: ${wrong}`;
    if (versionOf(file) !== version) return `${file}: changed while it was being read`;
    return { policy: module.default as Policy, version };
  } catch (thrown) {
    return `${file}: does not load: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

function whatIsWrong(exported: unknown, folder: string): string | undefined {
  const policy = exported as Partial<Policy> | undefined;
  const isPolicy =
    typeof policy?.id === 'string' && typeof policy.cost === 'object' && typeof policy.options === 'object';
  if (!isPolicy) return 'its default export is no policy; it would be `export default definePolicy({ … })`';
  return policy.id === folder
    ? undefined
    : `its id is "${policy.id}" and its folder "${folder}"; they should be the same`;
}
