import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PolicyFile } from '../sdk/choose.ts';
import type { Policy } from '../sdk/policy.ts';

const OWN_FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '../../policies');
const SDK = pathToFileURL(resolve(dirname(fileURLToPath(import.meta.url)), '../sdk/index.ts')).href;

export interface LoadedFiles {
  readonly policies: readonly PolicyFile[];
  /** One sentence for each file that could not be loaded. */
  readonly problems: readonly string[];
}

/** Loads `<folder>/<id>/policy.ts` of Drover's own folder and of those given; a later folder wins for the same id. */
export async function loadPolicies({ folders }: { readonly folders: readonly string[] }): Promise<LoadedFiles> {
  const policies = new Map<string, PolicyFile>();
  const problems: string[] = [];
  for (const folder of [OWN_FOLDER, ...folders]) {
    const files = policyFiles(folder);
    if (typeof files === 'string') {
      problems.push(files);
      continue;
    }
    for (const file of files) {
      const loaded = await loadPolicy(file);
      if (typeof loaded === 'string') problems.push(loaded);
      else policies.set(loaded.policy.id, loaded);
    }
  }
  return { policies: [...policies.values()], problems };
}

/** The policy that the file holds now, or what is wrong with it. */
export async function loadPolicy(file: string): Promise<PolicyFile | string> {
  resolveSdkEverywhere();
  const version = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
  try {
    // The version makes the address of a changed file new, so that it is read again.
    const module: { default?: unknown } = await import(`${pathToFileURL(file).href}?version=${version}`);
    const wrong = whatIsWrong(module.default);
    return wrong === undefined ? { policy: module.default as Policy, version } : `${file}: ${wrong}`;
  } catch (thrown) {
    return `${file}: does not load: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}

function policyFiles(folder: string): string[] | string {
  if (!existsSync(folder)) return `${folder}: there is no such policy folder`;
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name, 'policy.ts'))
    .filter((file) => existsSync(file))
    .sort();
}

function whatIsWrong(exported: unknown): string | undefined {
  const policy = exported as Partial<Policy> | undefined;
  const isPolicy =
    typeof policy?.id === 'string' && typeof policy.cost === 'object' && typeof policy.options === 'object';
  return isPolicy ? undefined : 'its default export is no policy; it would be `export default definePolicy({ … })`';
}

let resolving = false;

/** Lets policy files import '#sdk' wherever they lie, and not only below this package. */
function resolveSdkEverywhere(): void {
  if (resolving) return;
  resolving = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      return specifier === '#sdk' ? { url: SDK, shortCircuit: true } : next(specifier, context);
    },
  });
}
