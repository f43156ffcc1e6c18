import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isObject, ownValue, type Json } from '../../kernel/json.js';
import { formatTime } from '../../kernel/time.js';
import type { Outcome } from '../../model/outcome.js';
import { failed, succeeded, type Attempting, type Execute } from '../../ports/executor-kind.js';
import { cutRedacted, KEPT_BYTES, MARGIN_BYTES, parseJson } from '../capture.js';
import { guarded } from '../guarded.js';
import { childEnvironment } from '../process/child-environment.js';
import { endWords, notStarted } from '../process/describe-end.js';
import { runChild, type ChildEnd } from '../process/run-child.js';
import { textOf } from '../setting-text.js';
import { moduleFile } from './module-file.js';
import { HEAP_MIB, nodeArguments, ownTypeScriptSupport } from './node-arguments.js';

/** Node's own status for a program that waits for what will never come. */
const UNSETTLED = 13;
const LONGEST_REASON = 2_000;

/**
 * Calls the function, in a process of its own. File and function are taken as written, never from a template. What it
 * returned is the output; a return value that JSON cannot carry is never tried again, since the function has done its work.
 */
export const executeModule: Execute = guarded(async (attempting, host, signal) => {
  const { written, input } = attempting;
  const { folder, module_folders } = host.settings;
  const file = await moduleFile(textOf(ownValue(written, 'file')), folder, module_folders);
  const end = await runChild(
    {
      program: process.execPath,
      args: nodeArguments(file, ownTypeScriptSupport()),
      cwd: dirname(file),
      environment: childEnvironment(attempting, host),
      input: JSON.stringify({
        url: pathToFileURL(file).href,
        name: textOf(ownValue(written, 'export') ?? 'default'),
        input,
        launch: launchOf(attempting),
        limit: KEPT_BYTES,
        margin: MARGIN_BYTES,
      }),
    },
    signal,
  );
  if (end.how === 'never-started') return notStarted(end, process.execPath, dirname(file));
  const redact = (text: string): string => host.secrets.redact(text);
  return reported(end, redact) ?? failed(unreported(end, redact));
});

/** The launch as the function gets it. */
function launchOf(attempting: Attempting): Json {
  const { launch_id, trigger_id, workflow_name, at, event_id, group, correlation_id, attempt } = attempting;
  return {
    launch_id,
    trigger_id,
    workflow_name,
    at: formatTime(at),
    event_id,
    group,
    correlation_id,
    attempt,
  };
}

/** What the runner said; undefined when it did not come to it. */
function reported(end: ChildEnd, redact: (text: string) => string): Outcome | undefined {
  const said = parseJson(end.result.raw());
  if (said === undefined || !isObject(said)) return undefined;
  const [returned, cut, reason] = ['returned', 'cut', 'failed'].map((key) => ownValue(said, key));
  if (typeof returned === 'string') {
    const value = parseJson(returned);
    return value === undefined
      ? failed('it returned what nests too deep to be kept', { retry: 'never' })
      : succeeded(value);
  }
  if (typeof cut === 'string') return succeeded(`${cutRedacted(cut, KEPT_BYTES - 1, MARGIN_BYTES, redact)}…`);
  if (typeof reason !== 'string') return undefined;
  const retry = ownValue(said, 'never') === true ? 'never' : 'yes';
  return failed(redact(reason).slice(0, LONGEST_REASON), { retry });
}

function unreported(end: ChildEnd, redact: (text: string) => string): string {
  if (!end.aborted && end.status === UNSETTLED)
    return 'its promise was never settled, and nothing was left to wait for';
  if (end.stderr.text(redact).includes('JavaScript heap out of memory'))
    return `it needed more than ${HEAP_MIB} MiB of memory`;
  return `it ended its process before it returned: ${endWords(end, redact)}`;
}
