import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../kernel/fault.js';

/** A source of sample events, opened. */
export interface OpenSource {
  readonly source: string;
  /** null = standard input. */
  readonly handle: FileHandle | null;
  readonly sizeBytes: number;
}

/**
 * Opens every file before the first is read: a name mistyped is told before anything is worked on. Throws a Fault
 * `unreadable`.
 */
export async function openSources(sources: readonly string[]): Promise<OpenSource[]> {
  const files: OpenSource[] = [];
  try {
    for (const source of sources) {
      if (source === '-') {
        files.push({ source, handle: null, sizeBytes: 0 });
        continue;
      }
      const handle = await open(source, 'r');
      files.push({ source, handle, sizeBytes: 0 });
      const info = await handle.stat();
      if (info.isDirectory()) {
        throw new Fault('unreadable', `${source} is a folder, not a file of events`, {
          hint: `name its files: ${source.replace(/\/+$/, '')}/*.jsonl`,
        });
      }
      files[files.length - 1] = { source, handle, sizeBytes: info.size };
    }
    return files;
  } catch (cause) {
    for (const { handle } of files) await handle?.close();
    if (cause instanceof Fault) throw cause;
    const source = sources[files.length] ?? '';
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Fault('unreadable', `${source} ${missing ? 'does not exist' : 'cannot be read'}`, {
      hint: missing ? 'check the path; it is relative to the current folder' : 'check its permissions',
      cause,
    });
  }
}
