import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'policies/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**'],
    // Machines are busy: how long a test takes decides nothing.
    testTimeout: 120_000,
  },
});
