import { SecretMissing, type SecretReference, type Secrets } from '../ports/executor-kind.js';

export interface SecretsHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Content of a file as text; throws when it cannot be read. */
  readFile(path: string): string;
}

const REPLACEMENT = '[secret]';
/**
 * Shorter values are not taken out of texts: they stand in half of all words and numbers, so that logs could no longer be
 * read, and the holes would tell the value all the same.
 */
const SHORTEST_REDACTED = 4;
/** A part of a secret that is shown alone (a line of a key, the path of a URL) is known by it from this length on. */
const SHORTEST_PART = 12;
/** Values remembered; rotation adds one each time. The oldest goes first. */
const MAX_VALUES = 1_000;

/**
 * Secrets from the environment and from files. A file is read anew each time, so that a rotated secret is used from the next
 * launch on; values given out before are still taken out of texts, since an answer may echo an old one.
 */
export function createSecrets(host: SecretsHost): Secrets {
  /** Value → the forms it is looked for in, in the order of last use. */
  const known = new Map<string, readonly string[]>();
  let needles: readonly string[] = [];

  const remember = (value: string): void => {
    const forms = known.get(value);
    known.delete(value);
    known.set(value, forms ?? formsOf(value));
    if (forms !== undefined) return;
    for (const oldest of known.keys()) {
      if (known.size <= MAX_VALUES) break;
      known.delete(oldest);
    }
    needles = [...new Set([...known.values()].flat())];
  };

  return {
    read(reference) {
      const value = valueOf(reference, host);
      remember(value);
      return `${reference.prefix ?? ''}${value}`;
    },
    redact: (text) => without(text, needles),
  };
}

function valueOf({ secret }: SecretReference, host: SecretsHost): string {
  if ('env' in secret) {
    const value = Object.hasOwn(host.environment, secret.env) ? host.environment[secret.env] : undefined;
    if (value === undefined)
      throw new SecretMissing(`the secret in the environment variable ${secret.env} is not set`);
    if (value === '')
      throw new SecretMissing(`the secret in the environment variable ${secret.env} is empty`);
    return value;
  }
  let content: string;
  try {
    content = host.readFile(secret.file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new SecretMissing(`the secret in the file ${secret.file} could not be read${code}`, { cause });
  }
  const value = content.replace(/\r?\n$/, '');
  if (value === '') throw new SecretMissing(`the secret in the file ${secret.file} is empty`);
  return value;
}

/** The spellings under which a secret turns up in texts: as it is, encoded, and in parts that are secret by themselves. */
function formsOf(value: string): readonly string[] {
  if (value.length < SHORTEST_REDACTED) return [];
  const bytes = Buffer.from(value, 'utf8');
  const percent = encodeURIComponent(bytes.toString('utf8'));
  const forms = [
    value,
    // Without surrounding blanks, as servers echo it.
    value.trim(),
    JSON.stringify(value).slice(1, -1),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    new URLSearchParams([['', value]]).toString().slice(1),
    ...[0, 1, 2].flatMap((before) => base64Within(bytes, before)),
    ...parts(value).filter((part) => part.length >= SHORTEST_PART),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_REDACTED);
}

/**
 * The base64 of a secret that stands in a longer text behind `before` bytes (modulo 3), as in `user:password` of basic
 * authentication: the characters that depend on the secret alone, in both alphabets.
 */
function base64Within(bytes: Buffer, before: number): readonly string[] {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const inner = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  // Of a short secret so few characters are left that they would be found in every longer word.
  if (inner.length < SHORTEST_REDACTED + 1) return [];
  return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
}

/**
 * Lines of a secret of several; the key behind the `whsec_` of Standard Webhooks; path and password of a URL, which are what
 * is secret about it.
 */
function parts(value: string): readonly string[] {
  const found = value.includes('\n') ? value.split(/\r?\n/) : [];
  if (value.startsWith('whsec_')) found.push(value.slice('whsec_'.length));
  if (!URL.canParse(value)) return found;
  const { pathname, search, password } = new URL(value);
  return [...found, pathname, `${pathname}${search}`, password];
}

/**
 * The text with every place where a needle stands replaced. Places that overlap are one, so that no end of a secret is left
 * over where a shorter one was replaced first.
 */
function without(text: string, needles: readonly string[]): string {
  const places: { readonly from: number; to: number }[] = [];
  for (const needle of needles) {
    let last: { readonly from: number; to: number } | undefined;
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      if (last !== undefined && at < last.to) last.to = at + needle.length;
      else places.push((last = { from: at, to: at + needle.length }));
    }
  }
  if (places.length === 0) return text;
  places.sort((a, b) => a.from - b.from);
  let safe = '';
  let done = 0;
  for (const { from, to } of places) {
    if (from >= done) safe += `${text.slice(done, from)}${REPLACEMENT}`;
    done = Math.max(done, to);
  }
  return safe + text.slice(done);
}
