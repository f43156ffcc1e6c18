import { ownValue, type Json, type JsonObject } from '../../kernel/json.js';
import { failed, succeeded, type Execute, type ExecutorHost } from '../../ports/executor-kind.js';
import { guarded } from '../guarded.js';
import { childEnvironment } from '../process/child-environment.js';
import { endWords, notStarted } from '../process/describe-end.js';
import { runChild, type ChildEnd } from '../process/run-child.js';
import { Refusal } from '../refusal.js';
import { entriesOf, textOf, textOrSecret } from '../setting-text.js';

/**
 * Runs a program. Program and working directory are taken as written, never from a template: an event chooses neither.
 * What the program started and left running in its process group ends with it.
 */
export const executeCommand: Execute = guarded(async (attempting, host, signal) => {
  if (!host.settings.allow_commands)
    throw new Refusal('commands are not allowed by the settings of the daemon');
  const { settings, written } = attempting;
  const program = textOf(listOf(written, 'argv')[0]);
  const args = listOf(settings, 'argv').slice(1).map(textOf);
  const cwd = ownValue(written, 'cwd') === undefined ? undefined : textOf(ownValue(written, 'cwd'));
  const own = ownVariables(settings, written, host);
  refuseNul([program, ...args, cwd ?? '', ...Object.values(own)]);

  const end = await runChild(
    {
      program,
      args,
      cwd,
      environment: childEnvironment(attempting, host, own),
      input: JSON.stringify(attempting.input),
    },
    signal,
  );
  if (end.how === 'never-started') return notStarted(end, program, cwd);
  const redact = (text: string): string => host.secrets.redact(text);
  const output = outputOf(end, redact);
  // A status of 0 is the program's word that it is done, even if that came in the second after it was told to end.
  if (end.status === 0) return succeeded(output);
  return failed(endWords(end, redact), { output });
});

function listOf(settings: JsonObject, key: string): readonly Json[] {
  const list = ownValue(settings, key);
  return Array.isArray(list) ? list : [];
}

function ownVariables(
  settings: JsonObject,
  written: JsonObject,
  host: ExecutorHost,
): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [name, value, asWritten] of entriesOf(settings, written, 'env'))
    variables[name] = textOrSecret(value, asWritten, host.secrets).text;
  return variables;
}

/** A NUL ends a text of the operating system: what stands behind it would be lost. */
function refuseNul(texts: readonly string[]): void {
  if (texts.some((text) => text.includes('\0')))
    throw new Refusal('an argument or variable holds a NUL character, which no program can be given');
}

function outputOf(end: ChildEnd, redact: (text: string) => string): JsonObject {
  return {
    exit_status: end.status,
    ...(end.signal === null ? {} : { signal: end.signal }),
    stdout: end.stdout.json(redact),
    stderr: end.stderr.text(redact),
    ...(end.stdout.cut || end.stderr.cut ? { truncated: true } : {}),
  };
}
