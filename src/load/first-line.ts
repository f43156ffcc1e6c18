import type { FileHandle } from 'node:fs/promises';
import { EVENT_MAX_BYTES } from '../model/event.js';

const NEWLINE = 10;

/** Looks at the beginning of a file without moving its position. */
export async function firstLineIsJson(handle: FileHandle): Promise<boolean> {
  const head = Buffer.allocUnsafe(EVENT_MAX_BYTES);
  const { bytesRead } = await handle.read(head, 0, EVENT_MAX_BYTES, 0);
  return firstLine(head.subarray(0, bytesRead)) === 'json';
}

export type FirstLine = 'json' | 'other' | 'incomplete';

/** Whether the first line that is not blank is complete, no longer than an event may be, and JSON by itself. */
export function firstLine(bytes: Buffer): FirstLine {
  for (let start = 0; ; ) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) return 'incomplete';
    const line = bytes
      .toString('utf8', start, end)
      .replace(/^\ufeff/, '')
      .trim();
    const length = end - start;
    start = end + 1;
    if (line === '') continue;
    if (length > EVENT_MAX_BYTES) return 'other';
    try {
      JSON.parse(line);
      return 'json';
    } catch {
      return 'other';
    }
  }
}
