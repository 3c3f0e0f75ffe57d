import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src-main/**/*.test.ts', 'src-renderer/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    exclude: ['node_modules', 'dist'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // On a machine of somebody else's that may stall at any time; what passes only then is reported as flaky.
    retry: process.env['CI'] ? 1 : 0,
    pool: 'forks',
    // Booting guests take a core each; the default leaves one of two cores idle.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
