import type { Json } from '../../kernel/json.js';
import { single } from './value-types.js';

const SECURITIES = ['starttls', 'tls', 'none'];

/** A mail server as `smtp://` or `smtps://`; its password is never written. */
export const smtpUrl = single<string>({
  words:
    'the URL of a mail server, smtp://… or smtps://… (a user only with a password; ?security= starttls, tls or none; nothing else)',
  placeholder: 'URL',
  fromJson: readUrl,
  fromText: readUrl,
  write(value) {
    const url = new URL(value);
    if (url.password !== '') url.password = 'hidden';
    return url.href;
  },
});

function readUrl(value: Json): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, hostname, username, password, searchParams } = new URL(value);
  const isComplete = ['smtp:', 'smtps:'].includes(protocol) && hostname !== '';
  const isKnown = [...searchParams].every(([key, word]) => key === 'security' && SECURITIES.includes(word));
  return isComplete && isKnown && (username === '') === (password === '') ? value : undefined;
}
