import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPath, isPathProblem, parsePath, readSteps } from '../../src/kernel/path.js';

const event = {
  payload: {
    order: { total: 5 },
    items: [{ sku: 'a' }, { sku: 'b' }],
    'dash-ed': 1,
    'a.b': 2,
    size: 3,
    '0': 'zero',
    none: null,
  },
};

describe('paths', () => {
  test.each([
    ['payload.order.total', 5],
    ['payload.items.0.sku', 'a'],
    ['payload.items[-1].sku', 'b'],
    ['payload.items[1].sku', 'b'],
    ['payload.items[2].sku', undefined],
    ['payload.items.length', undefined],
    ['payload.dash-ed', 1],
    ['payload["a.b"]', 2],
    ['payload.size', 3],
    ['payload.0', 'zero'],
    ['payload.none', null],
    ['payload.none.deeper', undefined],
    ['payload.__proto__', undefined],
    ['payload.constructor', undefined],
    ['payload.order.total.toFixed', undefined],
    ['.', event],
  ])('%s reads its value', (text, value) => {
    const steps = parsePath(text);
    if (isPathProblem(steps)) throw new Error(steps.message);
    expect(readSteps(event, steps)).toEqual(value);
  });

  test.each([
    '',
    '.a',
    'a..b',
    'a.',
    'a[',
    'a[x]',
    'a[*].b',
    'a[1.5]',
    'a["b]',
    'a b',
    Array(40).fill('a').join('.'),
  ])('%j is no path', (text) => {
    const parsed = parsePath(text);
    expect(isPathProblem(parsed)).toBe(true);
  });

  test('formatting and parsing are inverse', () => {
    const step = fc.oneof(fc.string({ minLength: 1 }), fc.integer({ min: -999, max: 999 }));
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(step, { maxLength: 8 }), (root, rest) => {
        const steps = [root, ...rest];
        if (steps.length === 1 && root === '.') return;
        expect(parsePath(formatPath(steps))).toEqual(steps);
      }),
    );
  });
});
