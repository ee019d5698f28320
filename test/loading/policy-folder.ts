import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of policies on disk, for as long as a test. */
export class PolicyFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'drover-policies-'));

  write(id: string, text: string): string {
    mkdirSync(join(this.path, id), { recursive: true });
    const file = join(this.path, id, 'policy.ts');
    writeFileSync(file, text);
    return file;
  }

  /** As many editors save: a new file, put in the place of the old one. */
  replace(id: string, text: string): string {
    const fresh = this.write(`${id}.new`, text);
    const file = join(this.path, id, 'policy.ts');
    renameSync(fresh, file);
    return file;
  }

  take(id: string): void {
    rmSync(join(this.path, id), { recursive: true });
  }

  end(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A policy whose hosts cost so much; `top` stands at the top of its file. */
export function policyText(id: string, hostCost: string, top = ''): string {
  return `import { definePolicy } from '#sdk';
${top}
export default definePolicy({
  id: '${id}', about: 'For tests.', phase: 'improve', options: {}, terms: {},
  cost: { host: (host) => ${hostCost} },
});
`;
}
