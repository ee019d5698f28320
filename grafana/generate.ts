/** Writes the dashboards and the page of metrics: `npx -c "node grafana/generate.ts"`. A test checks that they are in step. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './build/files.ts';

for (const [path, text] of generatedFiles()) {
  writeFileSync(join(import.meta.dirname, path), text);
  process.stdout.write(`grafana/${path}\n`);
}
