import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../../kernel/fault.js';

/** Writes a report that goes into a file of its own, making the folder for it. */
export function writeReportFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw new Fault('unreadable', `${path} cannot be written: ${(cause as Error).message}`, {
      hint: 'name a file in a folder you may write to',
      cause,
    });
  }
}
