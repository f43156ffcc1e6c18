import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSecrets } from '../../src/app/secrets.js';
import { SecretMissing, type SecretReference } from '../../src/ports/executor-kind.js';
import { propertyRuns } from '../support/property-runs.js';

const env = (name: string, prefix?: string): SecretReference => ({
  secret: { env: name },
  ...(prefix === undefined ? {} : { prefix }),
});
const file = (path: string): SecretReference => ({ secret: { file: path } });

function secretsOf(
  environment: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
) {
  return createSecrets({
    environment,
    readFile(path) {
      const content = files[path];
      if (content === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      return content;
    },
  });
}

/** Secrets that have given this value out. */
function knowing(...values: readonly string[]) {
  const names = values.map((_value, index) => `S${index}`);
  const secrets = secretsOf(Object.fromEntries(names.map((name, index) => [name, values[index] as string])));
  for (const name of names) secrets.read(env(name));
  return secrets;
}

describe('reading', () => {
  test.each([
    ['from the environment', env('TOKEN'), 'abcdef'],
    ['behind its prefix', env('TOKEN', 'Bearer '), 'Bearer abcdef'],
    ['from a file', file('/plain'), 'from file'],
    ['from a file, without the line break at its end', file('/line'), 'from file'],
    ['from a file of Windows', file('/windows'), 'from file'],
    ['from a file of two lines, of which the first keeps its break', file('/lines'), 'a\nb\n'],
  ])('gives a secret %s', (_where, reference, value) => {
    const files = {
      '/plain': 'from file',
      '/line': 'from file\n',
      '/windows': 'from file\r\n',
      '/lines': 'a\nb\n\n',
    };
    expect(secretsOf({ TOKEN: 'abcdef' }, files).read(reference)).toBe(value);
  });

  test.each([
    [env('GONE'), 'the secret in the environment variable GONE is not set'],
    [env('EMPTY'), 'the secret in the environment variable EMPTY is empty'],
    [env('toString'), 'the secret in the environment variable toString is not set'],
    [file('/gone'), 'the secret in the file /gone could not be read (ENOENT)'],
    [file('/blank'), 'the secret in the file /blank is empty'],
  ])('%j is missing', (reference, message) => {
    const secrets = secretsOf({ EMPTY: '' }, { '/blank': '\n' });
    expect(() => secrets.read(reference)).toThrow(SecretMissing);
    expect(() => secrets.read(reference)).toThrow(message);
  });

  test('reads a file anew each time, and still knows what it held before', () => {
    const files = { '/rotated': 'the old one\n' };
    const secrets = secretsOf({}, files);
    secrets.read(file('/rotated'));
    files['/rotated'] = 'the new one\n';
    expect(secrets.read(file('/rotated'))).toBe('the new one');
    expect(secrets.redact('the old one, the new one')).toBe('[secret], [secret]');
  });
});

describe('taking out', () => {
  const value = 'p@ss/w+rd "ü" ~?>';
  const bytes = Buffer.from(value);

  test.each([
    ['as it is', value],
    ['in JSON', JSON.stringify({ value })],
    ['in a URL', `https://a.example/?q=${encodeURIComponent(value)}`],
    ['in a URL of another writer', encodeURIComponent(value).replace(/%../g, (byte) => byte.toLowerCase())],
    ['in a form', new URLSearchParams({ value }).toString()],
    ['in base64', bytes.toString('base64')],
    ['in base64 for URLs', bytes.toString('base64url')],
    ['in basic authentication', Buffer.from(`a:${value}`).toString('base64')],
    ['in basic authentication of a longer name', Buffer.from(`ab:${value}`).toString('base64')],
    ['in basic authentication of a still longer name', Buffer.from(`abc:${value}!`).toString('base64')],
  ])('finds a secret %s', (_how, text) => {
    const safe = knowing(value).redact(`before ${text} after`);
    expect(safe).toContain('[secret]');
    expect(safe).toMatch(/^before .* after$/);
    for (const form of [value, bytes.toString('base64').slice(4, 16), 'rd%20', 'rd+'])
      expect(safe).not.toContain(form);
  });

  test('finds parts that are secret alone: lines of a key, the path of a URL', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----';
    const secrets = knowing(key, 'https://hooks.example.com/services/T0/B0/xyz');
    expect(secrets.redact('line MIIEvQIBADANBgkq')).toBe('line [secret]');
    expect(secrets.redact('POST /services/T0/B0/xyz: 404')).toBe('POST [secret]: 404');
    expect(secrets.redact('hooks.example.com')).toBe('hooks.example.com');
    expect(knowing('whsec_MfKQ9r8GKYqrTwj').redact('key MfKQ9r8GKYqrTwj')).toBe('key [secret]');
  });

  test.each([
    ['what it never gave out', [], 'abcdef', 'abcdef'],
    ['values of less than four characters', ['on', '123'], 'on 123', 'on 123'],
    ['the prefix', ['abcdef'], 'Bearer abcdef', 'Bearer [secret]'],
  ])('about %s', (_what, values, text, wanted) => {
    expect(knowing(...values).redact(text)).toBe(wanted);
  });

  test.each([
    ['one inside of another', ['abcd', 'abcdefgh'], 'abcdefgh', '[secret]'],
    ['one that overlaps another', ['abcdef', 'efghij'], 'abcdefghij', '[secret]'],
    ['one that overlaps itself', ['abab'], 'xabababx', 'x[secret]x'],
    ['two side by side', ['abcd'], 'abcdabcd', '[secret][secret]'],
    ['one that is a word of the replacement', ['secret', 'abcd'], 'abcd secret', '[secret] [secret]'],
  ])('leaves no end over of %s', (_what, values, text, wanted) => {
    expect(knowing(...values).redact(text)).toBe(wanted);
  });

  test('is the same as marking every character of every occurrence', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), text, (words, given) => {
        const covered = new Array<boolean>(given.length).fill(false);
        for (const one of words)
          for (let at = 0; at + one.length <= given.length; at++)
            if (given.startsWith(one, at)) covered.fill(true, at, at + one.length);
        const left = [...given].filter((_c, index) => covered[index] === false).join('');
        const safe = knowing(...words).redact(given);
        expect(safe.replaceAll('[secret]', '')).toBe(left);
      }),
      propertyRuns(0.2),
    );
  });

  test('takes a megabyte with a thousand occurrences in its stride', () => {
    const text = 'x'.repeat(1_000_000) + 'abcdef '.repeat(1_000);
    expect(knowing('abcdef', 'xxxx').redact(text)).toBe(`[secret]${'[secret] '.repeat(1_000)}`);
  });
});
