import { dirname, join } from 'node:path';
import { OWN_FOLDER } from '../../loading/policy-files.ts';

export const ROOT = dirname(OWN_FOLDER);

/**
 * For editors and the compiler, wherever policies lie: what '#sdk' is, and that a policy knows no timers,
 * no console and no process.
 */
export function policyTsconfig(include: readonly string[] = ['*/policy.ts']): string {
  const config = {
    extends: join(ROOT, 'src/tsconfig.pure.json'),
    compilerOptions: {
      composite: false,
      incremental: false,
      module: 'esnext',
      moduleResolution: 'bundler',
      paths: { '#sdk': [join(ROOT, 'src/sdk/index.ts')] },
    },
    include,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
