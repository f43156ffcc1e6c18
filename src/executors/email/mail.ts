import { ownValue, type Json, type JsonObject } from '../../kernel/json.js';
import type { Attempting } from '../../ports/executor-kind.js';
import { Refusal } from '../refusal.js';
import { textOf } from '../setting-text.js';
import { mailboxOf, oneLine, type Mailbox } from './mailbox.js';

/** A mail, checked: nothing in it can end a header line or be read as more recipients. */
export interface Mail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly launchId: string;
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  readonly replyTo: Mailbox | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** Epoch ms. */
  readonly sentAt: number;
}

/** What every server takes (RFC 5321, 4.5.3.1.8). */
const MOST_RECIPIENTS = 100;

/** The mail of a launch. Its Message-ID is the same in every attempt: mail stores and readers show such a repeat once. */
export function mailOf({ settings, launch_id }: Attempting, sentAt: number): Mail {
  const to = mailboxes(settings, 'to');
  const cc = mailboxes(settings, 'cc');
  const bcc = mailboxes(settings, 'bcc');
  if (to.length === 0) throw new Refusal('to names nobody');
  const recipients = to.length + cc.length + bcc.length;
  if (recipients > MOST_RECIPIENTS)
    throw new Refusal(`the mail has ${recipients} recipients, of at most ${MOST_RECIPIENTS}`);
  const replyTo = textOf(ownValue(settings, 'reply_to'));
  const html = textOf(ownValue(settings, 'html'));
  return {
    messageId: oneLine(`<${launch_id}@triggerd>`, 'the launch id'),
    launchId: launch_id,
    from: mailboxOf(textOf(ownValue(settings, 'from')), 'from'),
    to,
    cc,
    bcc,
    replyTo: replyTo === '' ? null : mailboxOf(replyTo, 'reply_to'),
    subject: oneLine(textOf(ownValue(settings, 'subject')), 'subject'),
    text: textOf(ownValue(settings, 'text')),
    html: html === '' ? null : html,
    sentAt,
  };
}

/** One text or several. A template that came to nothing names nobody. */
function mailboxes(settings: JsonObject, key: string): readonly Mailbox[] {
  const value = ownValue(settings, key);
  const list: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return list.flatMap((entry) => {
    if (entry === undefined || entry === null || entry === '') return [];
    if (typeof entry !== 'string') throw new Refusal(`${key} holds what is not a text`);
    return [mailboxOf(entry, key)];
  });
}
