import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

export default defineConfig({
  test: { include: ['test/real/libvirt/contract.ts'], testTimeout: 2 * MINUTE, hookTimeout: 2 * MINUTE },
});
