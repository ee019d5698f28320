import { registerHooks } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SDK = pathToFileURL(resolve(dirname(fileURLToPath(import.meta.url)), '../sdk/index.ts')).href;

let resolving = false;

/**
 * Lets policy files import '#sdk' wherever they lie, and not only below this package; and lets the files that a policy
 * imports from beside it be read again together with it.
 */
export function resolveImportsOfPolicies(): void {
  if (resolving) return;
  resolving = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier === '#sdk') return { url: SDK, shortCircuit: true };
      const resolved = next(specifier, context);
      const version = specifier.startsWith('.') ? versionIn(context.parentURL) : null;
      return version === null ? resolved : { ...resolved, url: versioned(resolved.url, version) };
    },
  });
}

/** A new version makes the address new, so that the module is read again. */
export const versioned = (url: string, version: string): string => `${url}?version=${version}`;

function versionIn(url: string | undefined): string | null {
  return url?.startsWith('file:') ? new URL(url).searchParams.get('version') : null;
}
