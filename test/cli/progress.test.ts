import { describe, expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.js';
import { run } from './harness.js';
import { dryRunReport } from './reports.js';

function sink(isTerminal: boolean) {
  const written: string[] = [];
  return {
    written,
    write: (text: string) => void written.push(text),
    flush() {},
    isTerminal,
    columns: 80,
  };
}

describe('progress', () => {
  test('shows counts, share and rate, once a run has taken a second', () => {
    let now = 5_000;
    const stderr = sink(true);
    const progress = createProgress(stderr, () => now);
    now += 999;
    progress.onProgress({ bytes: 10, totalBytes: 100, events: 1_000 });
    expect(stderr.written).toEqual([]);
    now += 1;
    progress.onProgress({ bytes: 50, totalBytes: 100, events: 5_000 });
    expect(stderr.written).toEqual(['\r\u001b[K5,000 events  50 %  5,000/s']);
    now += 99;
    progress.onProgress({ bytes: 60, totalBytes: 100, events: 6_000 });
    expect(stderr.written).toHaveLength(1);
    now += 901;
    progress.onProgress({ bytes: 100, totalBytes: 100, events: 10_000 });
    expect(stderr.written[1]).toBe('\r\u001b[K10,000 events  100 %  5,000/s');
  });

  test('says no share when the total is not known', () => {
    let now = 0;
    const stderr = sink(true);
    const progress = createProgress(stderr, () => now);
    now = 2_000;
    progress.onProgress({ bytes: 10, totalBytes: null, events: 3_000 });
    expect(stderr.written).toEqual(['\r\u001b[K3,000 events  1,500/s']);
  });

  test('takes its line away once, and only when there is one', () => {
    let now = 0;
    const stderr = sink(true);
    const progress = createProgress(stderr, () => now);
    progress.clear();
    expect(stderr.written).toEqual([]);
    now = 2_000;
    progress.onProgress({ bytes: 1, totalBytes: 2, events: 1 });
    progress.clear();
    progress.clear();
    expect(stderr.written.slice(1)).toEqual(['\r\u001b[K']);
  });

  test('says nothing in a pipe', () => {
    let now = 0;
    const stderr = sink(false);
    const progress = createProgress(stderr, () => now);
    now = 60_000;
    progress.onProgress({ bytes: 1, totalBytes: 2, events: 1 });
    expect(stderr.written).toEqual([]);
  });

  test('is cleared before anything else is written, and at the end', async () => {
    let now = 0;
    const { err } = await run(['dry-run', '--events', 'a'], {
      terminal: true,
      environment: { NO_COLOR: '1' },
      elapsedMs: () => now,
      app: (io) => ({
        dryRun: () => {
          now = 2_000;
          io.onProgress?.({ bytes: 1, totalBytes: 2, events: 10 });
          return Promise.resolve(dryRunReport({ by_trigger: [] }));
        },
      }),
    });
    expect(err).toMatch(/^\r\u001b\[K10 events {2}50 % {2}5\/s\r\u001b\[Khint: /);
  });
});
