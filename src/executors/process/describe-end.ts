import { stat } from 'node:fs/promises';
import { failed } from '../../ports/executor-kind.js';
import type { Outcome } from '../../model/outcome.js';
import type { ChildEnd } from './run-child.js';

const LONGEST_LINE = 200;
/** Codes of a start that fails the same way next time. */
const FOR_EVER = ['ENOENT', 'EACCES', 'EPERM', 'ENOEXEC', 'ENOTDIR', 'E2BIG', 'ELOOP', 'EISDIR'];

/** Why a process could not be started. */
export async function notStarted(end: ChildEnd, program: string, cwd: string | undefined): Promise<Outcome> {
  const code = end.errorCode ?? '';
  const retry = FOR_EVER.includes(code) ? 'never' : 'yes';
  // The platform has one code for both.
  if (cwd !== undefined && (code === 'ENOENT' || code === 'ENOTDIR') && !(await isFolder(cwd)))
    return failed(`the working directory ${cwd} is not there`, { retry });
  if (code === 'ENOENT') return failed(`there is no program ${program}`, { retry });
  if (code === 'EACCES') return failed(`the program ${program} may not be run`, { retry });
  if (code === 'E2BIG') return failed('its arguments and environment are too large', { retry });
  return failed(`the program ${program} could not be started (${code})`, { retry });
}

/** How a process ended, in words: `exit status 2: no such region`, with the last line it said. */
export function endWords(end: ChildEnd, redact: (text: string) => string): string {
  const how =
    end.how === 'unkillable'
      ? 'it did not end although it was killed'
      : end.signal === null
        ? `exit status ${end.status}`
        : `ended by ${end.signal}`;
  const said = lastLine(end.stderr.text(redact));
  const words = said === '' ? how : `${how}: ${said}`;
  return end.aborted ? `it was told to end (${words})` : words;
}

function lastLine(text: string): string {
  const line = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE - 1)}…`;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
