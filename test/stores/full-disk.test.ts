import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createSqliteStore } from '../../src/stores/sqlite.js';
import { commitOf, launchRecord, moved, pruneAll, quiet, readAll, storedEvent } from './support/records.js';

const MEBIBYTE = 1_048_576;
const full = { code: 'store-full', hint: expect.stringContaining('retention') };
const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  }
});

/** A disk of its own; undefined where this user may not have one. */
function mountDisk(sizeBytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'triggerd-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', folder], { stdio: 'pipe' });
    mounted.push(folder);
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const first = mountDisk(24 * MEBIBYTE);
if (first === undefined)
  console.warn('SKIPPED: a full disk is not tested, since this user may not mount one');

describe.skipIf(first === undefined)('a full disk', () => {
  test('refuses events and takes nothing of them, lets the rest go on, and resumes when there is room', async () => {
    const directory = join(first ?? '', 'data');
    const ballast = join(directory, 'triggerd.ballast');
    const store = createSqliteStore({ directory, log: quiet, ballastBytes: 4 * MEBIBYTE });
    await store.open();
    expect(statSync(ballast).blocks * 512).toBeGreaterThanOrEqual(4 * MEBIBYTE);
    const text = 'x'.repeat(10_000);
    let position = 0;
    const nextCommit = () => {
      const events = Array.from({ length: 20 }, (_, i) =>
        storedEvent(position + i + 1, { payload: { text } }),
      );
      return commitOf({
        events,
        launches: events.map((cause) => launchRecord(`l${cause.position}`, cause.position, { cause })),
      });
    };
    const fill = async () => {
      for (;;) {
        const commit = nextCommit();
        await store.commit(commit);
        position = commit.position;
      }
    };
    await expect(fill()).rejects.toMatchObject(full);
    expect(position).toBeGreaterThan(200);
    expect(existsSync(ballast)).toBe(false);

    // Nothing of it was taken, and nothing is while the reserve is gone.
    for (let i = 0; i < 3; i++) await expect(store.commit(nextCommit())).rejects.toMatchObject(full);
    const read = () =>
      readAll((cursor) =>
        store.events({
          cursor,
          limit: 100,
          order: 'oldest',
          types: [],
          sinceMs: null,
          untilMs: null,
          afterPosition: null,
        }),
      ).map((stored) => stored.position);
    const all = Array.from({ length: position }, (_, i) => i + 1);
    expect(read()).toEqual(all);
    expect(store.counts()).toMatchObject({ events: position, launches: { pending: position } });

    // Outcomes are written in the space that was held in reserve.
    for (let from = 1; from <= position; from += 20) {
      const updates = Array.from({ length: Math.min(20, position - from + 1) }, (_, i) =>
        moved(launchRecord(`l${from + i}`, from + i), 'succeeded', { ended_at: (from + i) * 1_000 }),
      );
      await store.commit(commitOf({ position, updates }));
    }
    expect(store.counts().launches).toMatchObject({ pending: 0, succeeded: position });

    // So is what makes room.
    const pruned = await pruneAll(store, {
      beforeMs: (position / 2) * 1_000,
      idsBeforeMs: 0,
      maxBytes: null,
    });
    expect(pruned.events).toBeGreaterThan(position / 2 - 2);
    expect(existsSync(ballast)).toBe(true);
    const commit = nextCommit();
    await store.commit(commit);
    position = commit.position;
    expect(read()).toEqual(all.slice(pruned.events).concat(commit.events.map((stored) => stored.position)));

    // And again, with the disk filled by somebody else, who goes away.
    const other = join(first ?? '', 'other');
    expect(() => writeFileSync(other, Buffer.alloc(24 * MEBIBYTE))).toThrow('ENOSPC');
    await expect(fill()).rejects.toMatchObject(full);
    await store.close();
    expect(await store.open()).toMatchObject({ position });
    await expect(fill()).rejects.toMatchObject(full);
    rmSync(other);
    const after = nextCommit();
    await store.commit(after);
    expect(existsSync(ballast)).toBe(true);
    await store.close();
    expect(await store.open()).toMatchObject({ position: after.position });
    await store.close();
  });

  test('at the first start is said, and started from when there is room', async () => {
    const disk = mountDisk(MEBIBYTE) ?? '';
    const directory = join(disk, 'data');
    const other = join(disk, 'other');
    expect(() => writeFileSync(other, Buffer.alloc(2 * MEBIBYTE))).toThrow('ENOSPC');
    const store = createSqliteStore({ directory, log: quiet, ballastBytes: 65_536 });
    await expect(store.open()).rejects.toMatchObject(full);
    rmSync(other);
    expect(await store.open()).toEqual({ position: 0, now: null });
    await store.commit(commitOf({ events: [storedEvent(1)] }));
    await store.close();
  });
});
