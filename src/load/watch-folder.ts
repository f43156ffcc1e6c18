import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { watch } from 'chokidar';
import type { Clock } from '../ports/clock.js';

/** How often the folder is compared with what it was, for changes that no file system event tells of. */
const COMPARE_MS = 500;
/** A watcher that does not say that it is ready is not waited for longer. */
const READY_MS = 2_000;
/** A folder that changes without end is read all the same, after so long. */
const LONGEST_BURST_MS = 5_000;
/** Files that are compared; a folder with more is watched by events alone. */
const COMPARED_MAX = 5_000;

export interface FolderWatch {
  close(): Promise<void>;
}

/**
 * Calls back when something in a folder has changed and has been quiet for `settleMs`: one call for a burst (an editor's
 * rename, a `git checkout`). Files are compared by what stands behind links too, so that a folder of symbolic links whose
 * target is swapped (a mounted ConfigMap), and a folder that is taken away and put back, are noticed as well.
 */
export async function watchFolder(
  root: string,
  settleMs: number,
  clock: Clock,
  changed: () => void,
): Promise<FolderWatch> {
  let closed = false;
  let cancelSettle: (() => void) | null = null;
  let burstSince: number | null = null;
  let print = await fingerprint(root);

  const settle = (): void => {
    if (closed) return;
    burstSince ??= clock.now();
    const left = Math.max(0, LONGEST_BURST_MS - (clock.now() - burstSince));
    cancelSettle?.();
    cancelSettle = clock.after(Math.min(settleMs, left), () => {
      cancelSettle = null;
      burstSince = null;
      void take();
    });
  };
  const take = async (): Promise<void> => {
    print = await fingerprint(root);
    if (!closed) changed();
  };

  const watcher = watch(root, { ignoreInitial: true, ignorePermissionErrors: true });
  watcher.on('all', settle);
  // What it cannot watch is still compared.
  watcher.on('error', settle);

  // What changes while it still looks around is told of by nobody but the comparison.
  await new Promise<void>((ready) => {
    const cancel = clock.after(READY_MS, ready);
    watcher.once('ready', () => {
      cancel();
      ready();
    });
  });

  let cancelCompare: (() => void) | null = null;
  const compare = (): void => {
    cancelCompare = clock.after(COMPARE_MS, () => {
      void fingerprint(root).then((now) => {
        if (closed) return;
        if (now !== print) {
          print = now;
          settle();
        }
        compare();
      });
    });
  };
  compare();

  return {
    async close() {
      closed = true;
      cancelSettle?.();
      cancelCompare?.();
      await watcher.close();
    },
  };
}

/** Names, sizes, times and identities of the YAML files of a folder; a text that differs when any of them does. */
export async function fingerprint(root: string): Promise<string> {
  let names: string[];
  try {
    names = await readdir(root, { recursive: true });
  } catch (error) {
    return `gone ${(error as NodeJS.ErrnoException).code ?? ''}`;
  }
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length > COMPARED_MAX) return `${files.length} files`;
  const parts = await Promise.all(
    files.map(async (name) => {
      try {
        const { size, mtimeMs, ino } = await stat(join(root, name));
        return `${name} ${size} ${mtimeMs} ${ino}`;
      } catch {
        return `${name} gone`;
      }
    }),
  );
  return parts.join('\n');
}
