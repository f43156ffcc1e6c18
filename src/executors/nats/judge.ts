import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { NoGreeting } from '../../kernel/nats/first-line.js';
import type { Outcome } from '../../model/outcome.js';
import { failed } from '../../ports/executor-kind.js';
import { codeOf } from '../failure.js';
import { connectionWords } from '../request/connection-words.js';

/** Answers of a stream that come out the same when asked again: the message is too large for it. */
const NEVER_TAKEN = new Set([10_054]);

/**
 * What it means that the message was not published. What the server refuses to this login, or to a message like this, comes
 * out the same when it is tried again; whatever is not there may be there later.
 */
export function judgeError(cause: unknown, named: string, subject: string): Outcome {
  const causes = [...chainOf(cause)];
  const denied = causes.find((one) => one instanceof errors.PermissionViolationError);
  if (denied !== undefined)
    return failed(`${named} does not allow ${denied.operation} of ${denied.subject}`, { retry: 'never' });
  if (causes.some((one) => one instanceof errors.NoRespondersError))
    return failed(`${named} has no stream that takes ${subject}`);
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.UserAuthenticationExpiredError)
    return failed(`${named} did not accept the login`, { retry: 'never' });
  if (cause instanceof JetStreamApiError)
    return failed(`the stream refused the message: ${cause.message} (${cause.code})`, {
      retry: NEVER_TAKEN.has(cause.code) ? 'never' : 'yes',
    });
  if (cause instanceof errors.TimeoutError) return failed(`${named} did not answer in time`);
  if (cause instanceof NoGreeting) return failed(`${named} is no NATS server: ${cause.message}`);
  if (cause instanceof Error && codeOf(cause.cause) === 'ECONNREFUSED')
    return failed(`${named} refused the connection`);
  if (cause instanceof SyntaxError || cause instanceof JetStreamError)
    return failed(`something that is no stream answered to ${subject}`);
  if (cause instanceof Error && cause.message.includes("does not support 'tls'"))
    return failed(`${named} offers no encryption, which tls:// asks for`);
  if (codeOf(cause) !== 'no code') return failed(connectionWords(named, cause));
  return failed(`${named} closed the connection before it had the message`);
}

function* chainOf(error: unknown): Generator<Error> {
  for (let at = error; at instanceof Error; at = at.cause) yield at;
}
