import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRegex, regexProblem } from '../../src/kernel/regex.js';

describe('regular expressions', () => {
  test.each([
    ['fail(ed|ure)', 'deploy failed', true],
    ['^fail', 'deploy failed', false],
    ['\\d{3}', 'error 503', true],
    ['', '', true],
  ])('%j in %j: %s', (pattern, text, found) => expect(createRegex(pattern, false).test(text)).toBe(found));

  test('ignore case', () => expect(createRegex('ERROR', true).test('an error')).toBe(true));

  test.each([
    ['(?=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(a)\\1', 'back-references'],
    ['(a', 'not a regular expression'],
    ['a{2000}', 'not a regular expression'],
    ['x'.repeat(3_000), 'longer than'],
  ])('%j is refused with a reason', (pattern, reason) => {
    const problem = regexProblem(pattern);
    expect(problem?.message).toContain(reason);
    expect(problem?.hint).not.toBe('');
  });

  test.each([
    ['deploy failed', 'deploy failed'],
    ['^deploy .* failed$', 'deploy '],
    ['colou?r', 'colo'],
    ['a+bcd', 'bcd'],
    ['timeout|refused', null],
    ['(?i)timeout', null],
    ['(foo|bar) timeout', ' timeout'],
    ['[abc]xyz', 'xyz'],
    ['a\\.b\\.c', 'a.b.c'],
    ['\\d+ms', 'ms'],
    ['ab*', 'a'],
    ['a{0}b', 'b'],
    ['\\Qa|b\\E', null],
    ['x\\x41', null],
  ])('every match of %j holds %j', (pattern, literal) => {
    expect(createRegex(pattern, false).requiredLiteral).toBe(literal);
  });

  test('the required literal is in every text that matches', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      '.',
      '\\.',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(?:ab)',
      '(?i)',
      '|',
      '^',
      '$',
      '\\d',
      '\\b',
      '1',
      '😀',
      '\\(',
    );
    const quantified = fc
      .tuple(piece, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,1}', '*?'))
      .map(([p, q]) => p + q);
    const pattern = fc.array(quantified, { maxLength: 6 }).map((parts) => parts.join(''));
    const text = fc
      .array(fc.constantFrom('a', 'b', 'A', '1', '.', '(', '😀', ' '), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 4, maxLength: 10 }), (source, texts) => {
        if (regexProblem(source) !== undefined) return;
        const regex = createRegex(source, false);
        if (regex.requiredLiteral === null) return;
        for (const candidate of texts) {
          if (regex.test(candidate)) expect(candidate).toContain(regex.requiredLiteral);
        }
      }),
      { numRuns: 1_500 },
    );
  });
});
