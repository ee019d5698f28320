import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

export default defineConfig({
  test: { include: ['test/real/power/contract.ts'], testTimeout: 2 * MINUTE, hookTimeout: 2 * MINUTE },
});
