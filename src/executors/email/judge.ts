import type { NodemailerError, SMTPSentMessageInfo } from 'nodemailer';
import type { Json } from '../../kernel/json.js';
import type { Outcome } from '../../model/outcome.js';
import { failed, succeeded } from '../../ports/executor-kind.js';
import { cutRedacted } from '../capture.js';
import { connectionWords } from '../request/connection-words.js';

const LONGEST_RESPONSE = 1_000;
const LONGEST_BRIEF = 200;
const MOST_NAMED = 5;

interface Judging {
  readonly messageId: string;
  /** The server, in messages. */
  readonly named: string;
  /** Recipients that the mail was not even addressed to, since they are no mailbox. */
  readonly leftOut: readonly string[];
  redact(text: string): string;
}

/**
 * What it means that the server took the mail. When it is for some recipients only, the launch fails and is not tried
 * again: the next attempt would send the mail once more to those who have it. The reason and the output name the others,
 * also when the server refused them for the time being; redriving the launch sends to all.
 */
export function judgeTaken(info: SMTPSentMessageInfo, judging: Judging): Outcome {
  const { accepted, rejected, response } = info;
  const { named, leftOut } = judging;
  const output = outputOf({ accepted, rejected: [...leftOut, ...rejected], response }, judging);
  if (rejected.length === 0 && leftOut.length === 0) return succeeded(output);
  const answers = new Map(info.rejectedErrors?.map((error) => [error.recipient, error.response]) ?? []);
  const refused = rejected.map((address) => {
    const answer = answers.get(address);
    return answer === undefined ? address : `${address} (${brief(answer, judging)})`;
  });
  const but = [
    ...(refused.length === 0 ? [] : [`refused ${listed(refused)}`]),
    ...(leftOut.length === 0 ? [] : [`${listed(leftOut)} ${leftOut.length === 1 ? 'is' : 'are'} no mailbox`]),
  ];
  return failed(`${named} took the mail, but ${but.join(', and ')}`, { retry: 'never', output });
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * What it means that the mail was not sent: 5xx comes out the same when it is tried again, 4xx says "later". A connection
 * that ended may have done so after the mail was taken; another attempt repeats it under the same Message-ID.
 */
export function judgeError(error: NodemailerError, judging: Judging): Outcome {
  const { named } = judging;
  const { code, responseCode, command = '' } = error;
  const response = error.response ?? '';
  if (code === 'EABORT') return failed(`it was told to end before ${named} had taken the mail`);
  if (responseCode !== undefined && responseCode >= 400 && responseCode <= 599) {
    // The answer to a login may hold the login.
    const said = command.startsWith('AUTH') ? String(responseCode) : brief(response, judging);
    return failed(`${named} ${refusalWords(command)}: ${said}`, {
      retry: responseCode >= 500 ? 'never' : 'yes',
      output: outputOf(
        {
          accepted: [],
          rejected: error.rejected ?? [],
          response: command.startsWith('AUTH') ? String(responseCode) : response,
        },
        judging,
      ),
    });
  }
  switch (code) {
    case 'EENVELOPE':
    case 'EMESSAGE':
      // Without an answer: nodemailer itself saw that this mail cannot be sent there (its size, its addresses).
      if (response === '')
        return failed(`the mail cannot be sent to ${named}: ${brief(error.message, judging)}`, {
          retry: 'never',
        });
      return failed(`${named} answered with what is no SMTP`);
    case 'EPROTOCOL':
      return failed(`${named} answered with what is no SMTP`);
    case 'EAUTH':
      return failed(`${named} offers no login that could be used`);
    case 'ECONNECTION':
      return failed(`${named} closed the connection before it took the mail`);
    case 'ETIMEDOUT':
      return failed(`${named} did not answer in time`);
    default:
      return failed(connectionWords(named, { code: error.originalCode ?? code }));
  }
}

function refusalWords(command: string): string {
  if (command.startsWith('AUTH')) return 'did not accept the login';
  if (command === 'STARTTLS') return 'offers no encryption (STARTTLS), which security asks for';
  if (command === 'MAIL FROM') return 'refused the sender';
  if (command === 'RCPT TO') return 'refused every recipient';
  return command === 'DATA' ? 'refused the mail' : 'refused the session';
}

function outputOf(
  said: {
    readonly accepted: readonly string[];
    readonly rejected: readonly string[];
    readonly response: string;
  },
  { messageId, redact }: Judging,
): Json {
  return {
    message_id: messageId,
    accepted: [...said.accepted],
    rejected: [...said.rejected],
    response: cutRedacted(said.response, LONGEST_RESPONSE, 0, redact),
  };
}

/** The beginning of an answer on one line. */
function brief(answer: string, { redact }: Judging): string {
  return redact(answer)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_BRIEF);
}
