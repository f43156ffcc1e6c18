import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A disk in memory where there is one: syncing a real one takes its time, and the kernel survives what these tests do. */
const PARENT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Folders of one test file, removed at its end. */
export function createFolders(): () => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(PARENT, 'triggerd-store-'));
    made.push(folder);
    return folder;
  };
}
