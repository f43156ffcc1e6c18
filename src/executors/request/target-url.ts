import { Failure } from '../failure.js';
import { Refusal } from '../refusal.js';
import type { SettingText } from '../setting-text.js';

/** Where a request goes. */
export interface Target {
  readonly url: URL;
  /** The host in messages; of a secret URL nothing is said. */
  readonly named: string;
  /** `user:password` of the URL as a header, or null. */
  readonly authorization: string | null;
}

/** The target of a URL text. The URL parser drops line breaks and tabs in silence, so they are looked for before. */
export function targetOf({ text, secret }: SettingText): Target {
  const named = secret ? 'the secret URL' : 'the URL';
  // A secret may be mended where it is kept; a text stays as it is.
  const Wrong = secret ? Failure : Refusal;
  if (hasControl(text)) throw new Wrong(`${named} holds a line break or another control character`);
  const url = parsed(text);
  if (url === undefined) throw new Wrong(`${named} is not an http or https URL`);
  return { url, named: secret ? 'the secret URL' : url.host, authorization: authorizationOf(url) };
}

/** Where a redirect leads; undefined when it leads nowhere that can be requested. */
export function redirectTarget(location: string, from: URL, named: string): Target | undefined {
  if (hasControl(location)) return undefined;
  const url = parsed(location, from);
  if (url === undefined) return undefined;
  const sameHost = url.host === from.host;
  return { url, named: sameHost ? named : `the redirect to ${url.host}`, authorization: null };
}

function parsed(text: string, base?: URL): URL | undefined {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 127) return true;
  }
  return false;
}

function authorizationOf(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const plain = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      // A lone % stands for itself.
      return text;
    }
  };
  const login = `${plain(url.username)}:${plain(url.password)}`;
  return `Basic ${Buffer.from(login, 'utf8').toString('base64')}`;
}
