import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    // One worker fewer than cores is the default: half of a small machine.
    maxWorkers: '100%',
    // Nothing here has effects on its process, so test files may share one: loading everything anew for each took as long as the tests.
    isolate: false,
    sequence: { shuffle: { files: false, tests: true } },
    coverage: { include: ['src/**'], provider: 'v8' },
  },
});
