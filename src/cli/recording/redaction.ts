import { isObject, type Json, setOwn } from '../../kernel/json.js';

const REMOVED = '[removed]';
/** Keys whose values are nobody's business, wherever in the key the word stands. */
const SECRET_KEY =
  /pass(?:word|wd|phrase|code)|secret|token|authorization|credential|api[_-]?key|access[_-]?key|private[_-]?key|cookie|bearer/i;
/** A number under such a key is mostly a count (`token_count`); under these it is none. */
const SECRET_NUMBER_KEY = /(?:pass(?:word|wd|code)|pin|secret|token)$/i;
/** What says so itself: a header's value, a JSON Web Token, a key in PEM. */
const SECRET_TEXT = /^(?:Bearer|Basic) \S+$|^eyJ[\w-]+\.[\w-]+\.[\w-]*$|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** A shorter text may stand anywhere by chance. */
const SHORTEST = 4;

/** Takes secrets out of events, and what is made of them out of everything else. */
export interface Redaction {
  /** An event's value: what stands under a secret's key is replaced, and its text wherever it stands. */
  replace(value: Json): Json;
  /** A value made of events: their secrets are replaced wherever they stand, keys say nothing. */
  replaceTexts(value: Json): Json;
  /** Whether something in it still looks like a secret: one that no event brought, or one too short to be found in texts. */
  isDoubtful(value: Json): boolean;
}

/** Finds the secrets in events' payloads and metadata. */
export function createRedaction(events: readonly Json[]): Redaction {
  const texts = new Set<string>();
  const tooShort = new Set<string>();
  const note = (secret: string): void => void (secret.length >= SHORTEST ? texts : tooShort).add(secret);
  const find = (value: Json, isSecret: boolean): void => {
    if (typeof value === 'string') {
      if (value !== '' && (isSecret || SECRET_TEXT.test(value))) note(value);
    } else if (Array.isArray(value)) {
      for (const member of value as readonly Json[]) find(member, isSecret);
    } else if (isObject(value)) {
      for (const [key, member] of Object.entries(value)) {
        // A number is replaced as a whole, so nothing that is made of it can be told.
        if (typeof member === 'number' && SECRET_NUMBER_KEY.test(key)) tooShort.add(String(member));
        else find(member, isSecret || SECRET_KEY.test(key));
      }
    }
  };
  for (const event of events) find(event, false);
  // The longer one first: one secret may be the beginning of another.
  const secrets = [...texts].sort((a, b) => b.length - a.length);
  const replaceText = (text: string): string => {
    let replaced = text;
    for (const secret of secrets) replaced = replaced.replaceAll(secret, REMOVED);
    return replaced;
  };
  const shortOnes = [...tooShort];
  return {
    replace: (value) => replaceIn(value, replaceText, isSecretKey, false),
    replaceTexts: (value) => replaceIn(value, replaceText, () => false, false),
    isDoubtful: (value) => hasSecret(value) || hasText(value, shortOnes),
  };
}

/** Whether one of the texts is in a text of the value, or is how a number of it is written. */
function hasText(value: Json, texts: readonly string[]): boolean {
  if (typeof value === 'string') return texts.some((text) => value.includes(text));
  if (typeof value === 'number') return texts.includes(String(value));
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value as { readonly [key: string]: Json }).some((member) => hasText(member, texts));
}

const isSecretKey = (key: string, member: Json): boolean =>
  typeof member === 'number' ? SECRET_NUMBER_KEY.test(key) : SECRET_KEY.test(key);

function replaceIn(
  value: Json,
  replaceText: (text: string) => string,
  isKey: typeof isSecretKey,
  isSecret: boolean,
): Json {
  if (typeof value === 'string') return isSecret && value !== '' ? REMOVED : replaceText(value);
  if (Array.isArray(value))
    return value.map((member: Json) => replaceIn(member, replaceText, isKey, isSecret));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    const isOne = isKey(key, member);
    const replaced =
      isOne && typeof member === 'number'
        ? REMOVED
        : replaceIn(member, replaceText, isKey, isSecret || isOne);
    setOwn(copy, key, replaced);
  }
  return copy;
}

function hasSecret(value: Json, isSecret = false): boolean {
  if (typeof value === 'string')
    return value !== '' && !value.includes(REMOVED) && (isSecret || SECRET_TEXT.test(value));
  if (Array.isArray(value)) return value.some((member: Json) => hasSecret(member, isSecret));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([key, member]) =>
      (typeof member === 'number' && SECRET_NUMBER_KEY.test(key)) ||
      hasSecret(member, isSecret || SECRET_KEY.test(key)),
  );
}
