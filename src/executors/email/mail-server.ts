import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { isObject, ownValue, type JsonObject } from '../../kernel/json.js';
import type { ExecutorHost } from '../../ports/executor-kind.js';
import { Failure } from '../failure.js';
import { Refusal } from '../refusal.js';
import { textOf, textOrSecret } from '../setting-text.js';

const SECURITIES = ['starttls', 'tls', 'none'] as const;
type Security = (typeof SECURITIES)[number];

/** Who takes the mail, and how it is spoken to. */
export interface MailServer {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Takes secrets out of a text, the password among them. */
  redact(text: string): string;
}

/** The workflow's own server, else the one of the daemon's settings. */
export function mailServerOf(written: JsonObject, host: ExecutorHost): MailServer {
  const smtp = ownValue(written, 'smtp');
  if (smtp !== undefined && isObject(smtp)) return ofWorkflow(smtp, host);
  const { smtp_url } = host.settings;
  if (smtp_url === null)
    throw new Refusal('there is no mail server: neither smtp in the workflow nor smtp_url in the settings');
  return ofUrl(smtp_url, host);
}

/**
 * As written, never from a template: an event must not choose where mails and the password go. Since somebody wrote the
 * server down, it may be a private address.
 */
function ofWorkflow(smtp: JsonObject, host: ExecutorHost): MailServer {
  const security = securityOf(textOf(ownValue(smtp, 'security') ?? 'starttls'));
  const name = hostOf(textOf(ownValue(smtp, 'host')));
  if (name === undefined || security === undefined)
    throw new Refusal('smtp.host is not the name or address of a server; it is taken as it is written');
  const user = textOf(ownValue(smtp, 'user'));
  const password = ownValue(smtp, 'password');
  return {
    host: name,
    port: Number(ownValue(smtp, 'port') ?? defaultPort(security)),
    security,
    login: user === '' ? null : { user, password: textOrSecret(password, password, host.secrets).text },
    redact: (text) => host.secrets.redact(text),
  };
}

/**
 * `smtps://` is encrypted from the start; `smtp://` has to be after connecting, but on this machine. `?security=` says
 * otherwise. A URL that is wrong can be mended in the settings, so the launch may wait for that.
 */
function ofUrl(text: string, host: ExecutorHost): MailServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const name = url === undefined ? undefined : hostOf(url.hostname.replace(/^\[|\]$/g, ''));
  if (url === undefined || name === undefined || !['smtp:', 'smtps:'].includes(url.protocol))
    throw new Failure('smtp_url in the settings is not the URL of a mail server');
  const others = [...url.searchParams.keys()].some((key) => key !== 'security');
  const asked = securityOf(url.searchParams.get('security') ?? usualSecurity(url, name));
  if (asked === undefined || others)
    throw new Failure(
      `smtp_url in the settings may end in ?security= and one of ${SECURITIES.join(', ')}, and in nothing else`,
    );
  const user = decoded(url.username);
  const password = decoded(url.password);
  if ((user === '') !== (password === ''))
    throw new Failure(
      'smtp_url in the settings holds half of a login: a user and a password belong together',
    );
  const shown = [url.password, password, ...loginForms(user, password)].filter(({ length }) => length >= 4);
  return {
    host: name,
    port: Number(url.port === '' ? defaultPort(asked) : url.port),
    security: asked,
    login: user === '' ? null : { user, password },
    redact: (said) =>
      host.secrets.redact(shown.reduce((rest, form) => rest.replaceAll(form, '[secret]'), said)),
  };
}

function usualSecurity({ protocol }: URL, name: string): Security {
  if (protocol === 'smtps:') return 'tls';
  return name === 'localhost' || name === '::1' || /^127(\.\d+){3}$/.test(name) ? 'none' : 'starttls';
}

/** What was sent to log in (AUTH PLAIN and LOGIN), which a server may say again. */
function loginForms(user: string, password: string): readonly string[] {
  return [`\0${user}\0${password}`, password].map((text) => Buffer.from(text, 'utf8').toString('base64'));
}

function securityOf(text: string): Security | undefined {
  return SECURITIES.find((security) => security === text);
}

function defaultPort(security: Security): number {
  return security === 'tls' ? 465 : 587;
}

function hostOf(text: string): string | undefined {
  if (isIP(text) !== 0) return text;
  const name = /^[\p{L}\p{N}._-]+$/u.test(text) ? domainToASCII(text) : '';
  return name === '' ? undefined : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone % stands for itself.
    return text;
  }
}
