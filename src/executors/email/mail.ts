import { ownValue, preview, type Json, type JsonObject } from '../../kernel/json.js';
import type { Attempting } from '../../ports/executor-kind.js';
import { Refusal } from '../refusal.js';
import { textOf } from '../setting-text.js';
import { domainOf, mailboxOf, oneLine, type Mailbox } from './mailbox.js';

/** A mail, checked: nothing in it can end a header line or be read as more recipients. */
export interface Mail {
  /** With its angle brackets. */
  readonly messageId: string;
  readonly launchId: string;
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  /** Recipients that are no mailbox, in quotes; only where names are completed, otherwise one of them stops the mail. */
  readonly leftOut: readonly string[];
  readonly replyTo: Mailbox | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** Epoch ms. */
  readonly sentAt: number;
}

/** What every server takes (RFC 5321, 4.5.3.1.8). */
const MOST_RECIPIENTS = 100;
const LONGEST_SHOWN = 80;

/** The mail of a launch. Its Message-ID is the same in every attempt: mail stores and readers show such a repeat once. */
export function mailOf({ settings, written, launch_id }: Attempting, sentAt: number): Mail {
  const domain = defaultDomain(written);
  const leftOut: string[] = [];
  const to = mailboxes(settings, 'to', domain, leftOut);
  const cc = mailboxes(settings, 'cc', domain, leftOut);
  const bcc = mailboxes(settings, 'bcc', domain, leftOut);
  if (to.length === 0)
    throw new Refusal(leftOut.length === 0 ? 'to names nobody' : `to names nobody but ${leftOut[0]}`);
  const recipients = to.length + cc.length + bcc.length + leftOut.length;
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
    leftOut,
    replyTo: replyTo === '' ? null : mailboxOf(replyTo, 'reply_to'),
    subject: oneLine(textOf(ownValue(settings, 'subject')), 'subject'),
    text: textOf(ownValue(settings, 'text')),
    html: html === '' ? null : html,
    sentAt,
  };
}

/** As written, never from a template: an event must not choose to whose mail server the names go. */
function defaultDomain(written: JsonObject): string | null {
  const text = textOf(ownValue(written, 'default_domain'));
  if (text === '') return null;
  const domain = domainOf(text);
  if (domain === undefined)
    throw new Refusal('default_domain is not the name of a domain; it is taken as it is written');
  return domain;
}

/**
 * One text or several. A template that came to nothing names nobody. Where names are completed they are those of other
 * people's users, and one that can be nobody's mailbox (`oauth:17`) must not keep the mail from everybody else.
 */
function mailboxes(
  settings: JsonObject,
  key: string,
  domain: string | null,
  leftOut: string[],
): readonly Mailbox[] {
  const value = ownValue(settings, key);
  const list: readonly (Json | undefined)[] = Array.isArray(value) ? value : [value];
  return list.flatMap((entry) => {
    if (entry === undefined || entry === null || entry === '') return [];
    try {
      if (typeof entry !== 'string') throw new Refusal(`${key} holds what is not a text`);
      return [mailboxOf(entry, key, domain)];
    } catch (cause) {
      if (domain === null || !(cause instanceof Refusal)) throw cause;
      leftOut.push(preview(entry, LONGEST_SHOWN));
      return [];
    }
  });
}
