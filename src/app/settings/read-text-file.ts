import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { Fault } from '../../kernel/fault.js';

const MAX_BYTES = 256 * 1024;

/** The text of a settings file; null when there is none. Throws a Fault `settings` when it cannot be read. */
export function readTextFile(path: string): string | null {
  let bytes: Buffer;
  try {
    if (statSync(path).size > MAX_BYTES)
      throw new Fault('settings', `${path} is over 256 KiB, too large for a settings file`, {
        hint: 'name the settings file with --config',
      });
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Fault('settings', `${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'check its permissions, and that it is a file',
      cause,
    });
  }
  if (!isUtf8(bytes)) throw new Fault('settings', `${path} is not valid UTF-8`, { hint: 'save it as UTF-8' });
  return bytes.toString('utf8');
}
