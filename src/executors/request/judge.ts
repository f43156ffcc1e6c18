import type { Json } from '../../kernel/json.js';
import type { Outcome } from '../../model/outcome.js';
import { failed, succeeded } from '../../ports/executor-kind.js';
import { retryAfterMs } from './retry-after.js';
import type { Answer } from './send.js';

/** Of the statuses from 300 to 499, those that say "later": a timeout, too early, too many requests. */
const LATER = [408, 425, 429];

/** Whether a status means success: those listed, or without a list 200 to 299. */
export function isSuccess(status: number, listed: readonly number[] | null): boolean {
  return listed === null ? status >= 200 && status <= 299 : listed.includes(status);
}

/**
 * What an answer means. The status alone decides: a body that broke off, or was still coming when the time was over, does
 * not undo what the other side says it did. Redirects that are not followed and 4xx (but 408, 425, 429) come out the same
 * when asked again, so they are not.
 */
export function judge(
  answer: Answer,
  named: string,
  listed: readonly number[] | null,
  nowMs: number,
  redact: (text: string) => string,
): Outcome {
  const { status } = answer;
  const output = outputOf(answer, redact);
  if (isSuccess(status, listed)) return succeeded(output);
  const never = status >= 300 && status <= 499 && !LATER.includes(status);
  return failed(`${named} answered ${status}${briefly(answer, redact)}`, {
    retry: never ? 'never' : 'yes',
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], nowMs),
    output,
  });
}

function outputOf(answer: Answer, redact: (text: string) => string): Json {
  const encoding = answer.headers['content-encoding'];
  const readable = encoding === undefined || encoding === 'identity';
  return {
    status: answer.status,
    body: readable ? answer.body.json(redact) : null,
    ...(answer.body.cut || !answer.complete ? { truncated: true } : {}),
  };
}

const LONGEST_BRIEF = 120;

/** A short text answer (`invalid_payload`) says more than the status; a page or a document does not belong in a sentence. */
function briefly(answer: Answer, redact: (text: string) => string): string {
  if (!answer.headers['content-type']?.startsWith('text/plain')) return '';
  const text = answer.body.text(redact).trim();
  return text !== '' && text.length <= LONGEST_BRIEF && !text.includes('\n') ? `: ${text}` : '';
}
