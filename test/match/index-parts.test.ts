import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIntervals } from '../../src/match/intervals.js';
import { createLiterals } from '../../src/match/literals.js';
import { createCandidates, type Candidates } from '../../src/match/stamps.js';
import { propertyRuns } from '../support/property-runs.js';

function members(candidates: Candidates): readonly number[] {
  candidates.sort();
  return [...candidates.members.slice(0, candidates.size)];
}

test('intervals hold a number exactly when it lies between their ends', () => {
  const end = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0.5),
  );
  const value = fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constantFrom(-0, 0.5, 1e300, -1e300));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(end, end), { maxLength: 40 }),
      fc.array(value, { minLength: 1 }),
      (ends, values) => {
        const intervals = createIntervals(ends.map(([low, high], ordinal) => ({ low, high, ordinal })));
        const candidates = createCandidates(ends.length);
        for (const one of values) {
          candidates.clear();
          intervals.collect(one, candidates);
          const expected = ends.flatMap(([low, high], ordinal) =>
            low <= one && one <= high ? [ordinal] : [],
          );
          expect(members(candidates)).toEqual(expected);
        }
      },
    ),
    propertyRuns(0.3),
  );
});

describe('literals', () => {
  // Few characters, two of them with the low byte of `a`, and one beyond the first plane.
  const character = fc.constantFrom('a', 'b', 'c', '\u0161', '\u0261', '😀', '\ud83d');
  const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
    fc.array(character, { minLength, maxLength }).map((all) => all.join(''));

  const beginning = fc.constantFrom('aaaa', 'abab', 'cab\u0161');
  test.each([
    ['of any kind', text(1, 11)],
    ['that begin alike in few ways', fc.tuple(beginning, text(0, 20)).map(([head, tail]) => head + tail)],
  ])('%s are found exactly where a string contains them', (_, literalText) => {
    fc.assert(
      fc.property(
        fc.array(literalText, { minLength: 1, maxLength: 30 }),
        fc.array(text(0, 60), { minLength: 1, maxLength: 5 }),
        (texts, strings) => {
          const literals = createLiterals(texts.map((one, ordinal) => ({ text: one, ordinal })));
          const candidates = createCandidates(texts.length);
          for (const string of strings) {
            candidates.clear();
            literals.collect(string, candidates);
            const found = members(candidates);
            const contained = texts.flatMap((one, ordinal) => (string.includes(one) ? [ordinal] : []));
            expect(found).toEqual(expect.arrayContaining(contained));
            // So few characters may make it give up; then it returns all of a table, and never a part of it.
            if (found.length > contained.length) expect(string.length).toBeGreaterThan(20);
          }
        },
      ),
      propertyRuns(0.3),
    );
  });

  test('of any length are told apart in a text of words', () => {
    const texts = Array.from({ length: 500 }, (_, i) => `code-${i}`.slice(i % 3));
    const literals = createLiterals(
      [...texts, 'x', 'yz', '~'].map((text_, ordinal) => ({ text: text_, ordinal })),
    );
    const candidates = createCandidates(texts.length + 3);
    candidates.clear();
    literals.collect('seen ode-499 and yz', candidates);
    const expected = [...texts, 'x', 'yz', '~'].flatMap((one, i) =>
      'seen ode-499 and yz'.includes(one) ? [i] : [],
    );
    expect(members(candidates)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(2);
  });
});

describe('candidates', () => {
  test('are a set in ascending order that begins anew', () => {
    const candidates = createCandidates(100);
    for (const ordinals of [
      [5, 3, 5, 99, 0],
      [],
      [3],
      Array.from({ length: 60 }, (_, i) => (i * 37) % 100),
    ]) {
      candidates.clear();
      for (const ordinal of ordinals) candidates.add(ordinal);
      expect(members(candidates)).toEqual([...new Set(ordinals)].sort((a, b) => a - b));
    }
  });
});
