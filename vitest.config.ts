import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    sequence: { shuffle: { files: false, tests: true } },
    coverage: { include: ['src/**'], provider: 'v8' },
  },
});
