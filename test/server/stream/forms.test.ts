import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../src/kernel/json.js';
import { CLIENT_MESSAGES } from '../../../src/server/stream/client-messages.js';
import { CLOSE_CODES, closeReason } from '../../../src/server/stream/close-codes.js';
import { STREAM_LIMIT_WORDS, STREAM_LIMITS } from '../../../src/server/stream/limits.js';
import { readMessage } from '../../../src/server/stream/message.js';
import type { MessageForm } from '../../../src/server/stream/message-form.js';
import { SERVER_MESSAGES } from '../../../src/server/stream/server-messages.js';
import { compileClosed, misfits } from './fits.js';

// All other tests of the stream hold every message they get from the daemon to the same forms.
const serverForms: readonly (readonly [string, MessageForm])[] = Object.entries(SERVER_MESSAGES);
const clientForms: readonly (readonly [string, MessageForm])[] = Object.entries(CLIENT_MESSAGES);
const without = (message: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(message).filter(([name]) => name !== key));

describe.each(serverForms)('the form of %s', (_type, { schema, example, summary }) => {
  test('is that of its example', () => {
    expect(misfits(example)).toEqual([]);
    expect(summary).toMatch(/\.$/);
  });

  test('lacks no key that it must have, and has no other', () => {
    for (const key of schema.required) expect(misfits(without(example, key)), key).not.toEqual([]);
    expect(misfits({ ...example, extra: 1 })).not.toEqual([]);
    for (const [key, value] of Object.entries(example)) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      if (key === 'filters') continue;
      expect(misfits({ ...example, [key]: { ...value, extra: 'x' } }), key).not.toEqual([]);
    }
  });

  test('says what every key means', () => {
    for (const [key, property] of Object.entries(schema.properties))
      expect(property['description'], key).toMatch(/[.`]$/);
  });
});

describe.each(clientForms)('the form of %s', (type, { schema, example }) => {
  const fits = compileClosed(schema);
  const isTaken = (message: JsonObject): boolean =>
    !('problem' in readMessage(JSON.stringify(message), STREAM_LIMITS));

  test('is that of its example, which is taken', () => {
    expect(fits(example)).toBe(true);
    expect(isTaken(example)).toBe(true);
    expect(fits({ ...example, extra: 1 })).toBe(false);
    expect(fits(without(example, 'type'))).toBe(false);
  });

  const VALUES: readonly Json[] = [
    ...[
      null,
      true,
      0,
      -1,
      1.5,
      7,
      2 ** 53,
      '',
      '7',
      '7/2',
      '7/',
      'now',
      'beginning',
      'yesterday',
      'x'.repeat(257),
    ],
    ...[[], ['x'], [1], ['event'], ['event', 'launch'], ['event', 'dance']],
    ...[Array.from({ length: 100 }, (_, i) => `t${i}`), Array.from({ length: 101 }, (_, i) => `t${i}`)],
    ...[{}, { priority: 'high' }],
  ];

  test.each(Object.keys(schema.properties).filter((key) => key !== 'type' && type === 'subscribe'))(
    'takes for %s what is taken, and nothing else',
    (key) => {
      for (const value of VALUES) {
        const message = { ...example, [key]: value };
        expect(isTaken(message), `${JSON.stringify(value)}`).toBe(fits(message));
      }
    },
  );

  test('says what every key means', () => {
    for (const [key, property] of Object.entries(schema.properties))
      expect(property['description'], key).toMatch(/\.$/);
  });
});

test('every limit has its words, and every close code its meaning', () => {
  expect(Object.keys(STREAM_LIMIT_WORDS)).toEqual(Object.keys(STREAM_LIMITS));
  for (const { meaning, code } of Object.values(CLOSE_CODES)) {
    expect(meaning).toMatch(/\.$/);
    expect(code).toBeGreaterThan(1000);
  }
  expect(closeReason('slow', '12/2')).toBe('too slow: resume from 12/2');
});
