import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nesting } from '../../src/kernel/json.js';
import { elementAt, tooDeepAt, unsoundness } from '../../src/kernel/json-soundness.js';

const json = fc.jsonValue({ maxDepth: 6, noUnicodeString: false });
const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('how deep a text nests', () => {
  it('is told from its bytes as from its value', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 6 }), (value, limit) => {
        expect(tooDeepAt(bytesOf(value), limit) !== -1).toBe(nesting(value, 50) > limit);
      }),
    );
  });

  it('is told of a value as the kernel tells it', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 6 }), (value, limit) => {
        expect(unsoundness(value, limit) === 'deep').toBe(nesting(value, 50) > limit);
      }),
    );
  });

  it('is told by the element that is too deep', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 5 }), fc.array(json, { maxLength: 5 }), (before, after) => {
        const bytes = bytesOf([...before, [[[[[[[[1]]]]]]]], ...after]);
        expect(elementAt(bytes, tooDeepAt(bytes, 8))).toBe(before.length);
      }),
    );
  });

  it.each([
    ['"[[[["', 0, -1],
    ['"\\"[["', 0, -1],
    ['"\\\\"[', 0, 4],
    ['"never ended [[[', 0, -1],
    ['[[]]', 1, 1],
    ['[][]', 1, -1],
    ['{"a":{"[":1}}', 2, -1],
  ])('%s with at most %i levels: %i', (text, limit, expected) => {
    expect(tooDeepAt(Buffer.from(text), limit)).toBe(expected);
  });

  it.each([
    ['{"a":1e999}', 'infinite'],
    ['[[-1e999]]', 'infinite'],
    ['{"__proto__":{"a":1e999}}', 'infinite'],
    ['{"a":1e308}', null],
    ['null', null],
  ])('%s is %s', (text, expected) => {
    expect(unsoundness(JSON.parse(text), 4)).toBe(expected);
  });
});
