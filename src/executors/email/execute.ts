import type { NodemailerError } from 'nodemailer';
import { failed, type Execute } from '../../ports/executor-kind.js';
import { guarded } from '../guarded.js';
import { reachableAddresses } from '../request/reachable.js';
import { Interrupted } from '../request/send.js';
import { untilAborted } from '../request/until-aborted.js';
import { judgeError, judgeTaken } from './judge.js';
import { mailOf } from './mail.js';
import { mailServerOf } from './mail-server.js';
import { sendMail } from './send.js';

/**
 * Sends the mail over a connection of its own. SMTP knows no idempotency key: when the connection ends before the server has
 * said that it took the mail, the next attempt may be a second mail, with the same Message-ID.
 */
export const executeEmail: Execute = guarded(async (attempting, host, signal) => {
  const mail = mailOf(attempting, host.now());
  const server = mailServerOf(attempting.written, host);
  const named = `the mail server ${server.host}`;
  const { messageId, leftOut } = mail;
  const judging = { messageId, named, leftOut, redact: (text: string) => server.redact(text) };
  try {
    const addresses = await untilAborted(
      reachableAddresses(server.host, named, { allowPrivate: true, privateNetworks: [] }),
      signal,
    );
    return judgeTaken(await sendMail({ server, addresses, mail }, signal), judging);
  } catch (cause) {
    if (cause instanceof Interrupted) return failed(`it was told to end before ${named} was looked up`);
    if (isSendError(cause)) return judgeError(cause, judging);
    throw cause;
  }
});

/** An error of nodemailer or of the platform's sockets; anything else is a mistake of ours, and none to hide. */
function isSendError(cause: unknown): cause is NodemailerError {
  return (
    cause instanceof Error &&
    'code' in cause &&
    typeof cause.code === 'string' &&
    !cause.code.startsWith('ERR_')
  );
}
