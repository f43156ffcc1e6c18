import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { Refusal } from '../refusal.js';

/** Who sends or gets a mail; an empty name is none. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Line breaks of every kind, and what else no header line can carry. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;
// Quoted local parts and their comments are left out: nobody has such an address, and parsers disagree about them.
const LOCAL_PART = /^[^\s\p{C}"(),:;<>@[\\\]]+$/u;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/i;
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/;
/** RFC 5321, 4.5.3.1, in octets. */
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;
const LONGEST_LABEL = 63;
const LONGEST_SHOWN = 80;

/** The text, unless it would end its header line: what follows would be read as a header of its own. */
export function oneLine(text: string, what: string): string {
  if (CONTROL.test(text))
    throw new Refusal(`${what} holds a line break or another character that no header can carry`);
  return text;
}

/**
 * The one mailbox of a text: `a@example.com`, `Name <a@example.com>` or `"Name, with comma" <a@example.com>`. A list in one
 * text is refused: what came from an event could add recipients. `what` is the setting, for messages. An address that is a
 * local part only is completed with `domain`, where there is one.
 */
export function mailboxOf(text: string, what: string, domain: string | null = null): Mailbox {
  const whole = oneLine(text, what).trim();
  const open = whole.endsWith('>') ? whole.lastIndexOf('<') : -1;
  const name = open < 0 ? '' : nameOf(whole.slice(0, open).trim());
  const written = open < 0 ? whole : whole.slice(open + 1, -1);
  const address = addressOf(domain === null || written.includes('@') ? written : `${written}@${domain}`);
  if (name === undefined || address === undefined)
    throw new Refusal(
      `${what} is not the address of one mailbox: ${JSON.stringify(whole.slice(0, LONGEST_SHOWN))}`,
    );
  return { name, address };
}

function nameOf(text: string): string | undefined {
  if (text.startsWith('"')) return QUOTED.exec(text)?.[1]?.replace(/\\(.)/g, '$1');
  // A separator outside of quotes: this is a list, and its first entries would be lost in a name.
  return /[",;<>]/.test(text) ? undefined : text;
}

/** The address with its domain as name servers know it. */
function addressOf(text: string): string | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(0, at));
  if (!LOCAL_PART.test(local) || Buffer.byteLength(local) > LONGEST_LOCAL_PART) return undefined;
  const domain = domainOf(text.slice(at + 1));
  return domain === undefined ? undefined : `${local}@${domain}`;
}

/** A domain as name servers know it; undefined for what is none, such as an IP address. */
export function domainOf(text: string): string | undefined {
  // Which drops line breaks and tabs, as URLs do.
  const domain = CONTROL.test(text) ? '' : domainToASCII(text);
  const labels = domain.split('.');
  const isDomain = labels.every((label) => LABEL.test(label) && label.length <= LONGEST_LABEL);
  return isIP(domain) === 0 && isDomain ? domain : undefined;
}
