import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long: planted bugs, reloads, full disks, lost streams, the ill-behaved, every command of the documents: `npm run test:slow`. */
const SLOW = [
  'test/faults/{kill-plants,reload,nats,disk}.test.ts',
  'test/stores/processes.test.ts',
  'test/load/hostile.test.ts',
  'test/executors/badly-behaved.test.ts',
  'test/readme/{readme,library}.test.ts',
];

/** Begun last, each of these would leave all cores but one idle at the end. */
const LONGEST = ['kill', 'email', 'floors', 'nats', 'process', 'running', 'slow'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    testTimeout: 20_000,
    // One worker fewer than cores is the default: half of a small machine.
    maxWorkers: '100%',
    // Nothing here has effects on its process, so test files may share one: loading everything anew for each took as long as the tests.
    isolate: false,
    sequence: { shuffle: { files: false, tests: true }, sequencer: LongestFirst },
    coverage: { include: ['src/**'], provider: 'v8' },
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: SLOW } },
      { extends: true, test: { name: 'slow', include: SLOW } },
    ],
  },
});
