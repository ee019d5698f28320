/** For `drover policy test`: the tests of policies, wherever these lie. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('../..'),
  resolve: {
    alias: {
      '#sdk': at('../../src/sdk/index.ts'),
      '#testing': at('./testing.ts'),
      vitest: at('../../node_modules/vitest'),
    },
  },
  test: { include: ['**/policy.test.ts'], watch: false },
});
