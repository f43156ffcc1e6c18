import { ownValue, preview } from '../../kernel/json.js';
import { succeeded, type Execute } from '../../ports/executor-kind.js';
import { guarded, redactedJson } from '../guarded.js';
import { textOf } from '../setting-text.js';

const LONGEST_MESSAGE = 8_192;
/** Characters of the input's JSON that go into the line. */
const LONGEST_INPUT = 16_384;

/** Writes the line. */
export const executeLog: Execute = guarded(async (attempting, host) => {
  const redact = (text: string): string => host.secrets.redact(text);
  const message = redact(textOf(ownValue(attempting.settings, 'message') ?? 'workflow launched'));
  const input = redactedJson(attempting.input, redact);
  const fields = {
    launch_id: attempting.launch_id,
    trigger_id: attempting.trigger_id,
    workflow_name: attempting.workflow_name,
    input: JSON.stringify(input).length <= LONGEST_INPUT ? input : preview(input, LONGEST_INPUT),
  };
  const level = ownValue(attempting.settings, 'level') ?? 'info';
  const line = message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1)}…`;
  if (level === 'debug') host.log.debug(line, fields);
  else if (level === 'warn') host.log.warn(line, fields);
  else if (level === 'error') host.log.error(line, fields);
  else host.log.info(line, fields);
  return succeeded();
});
