import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/kernel/suggest.ts';

const KEYS = [
  'trigger_id',
  'description',
  'event_types',
  'filters',
  'condition',
  'cooldown',
  'max_executions',
  'tags',
  'mode',
];

describe('a suggestion', () => {
  it.each<readonly [string, string | undefined]>([
    ['triger_id', 'trigger_id'],
    ['trigger-id', 'trigger_id'],
    ['triggerId', 'trigger_id'],
    ['TRIGGER_ID', 'trigger_id'],
    ['event_type', 'event_types'],
    ['eventTypes', 'event_types'],
    ['desc', 'description'],
    ['max', 'max_executions'],
    ['conditon', 'condition'],
    ['tag', 'tags'],
    ['mod', 'mode'],
    ['xyz', undefined],
    ['if', undefined],
    ['', undefined],
    ['mode', undefined],
    ['x'.repeat(10_000), undefined],
  ])('for %s is %s', (word, expected) => {
    expect(suggest(word, KEYS)).toBe(expected);
  });

  it('of equally near words is the first', () => {
    expect(suggest('bat', ['cat', 'hat'])).toBe('cat');
    expect(suggest('bat', ['hat', 'cat'])).toBe('hat');
  });
});
