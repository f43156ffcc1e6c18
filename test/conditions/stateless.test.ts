import { describe, expect, test } from 'vitest';
import { eventOccurred } from '../../src/conditions/event-occurred.js';
import { patternMatched } from '../../src/conditions/pattern-matched.js';
import { where } from '../../src/conditions/where.js';
import { buildContext, compileSettings } from './build-context.js';

describe('event_occurred', () => {
  test('becomes a test that always holds', () => {
    expect(eventOccurred.build({}, buildContext().context)).toEqual({
      memory: 'none',
      test: { kind: 'all', tests: [], pointer: '/condition/kind' },
    });
  });
});

describe('where', () => {
  test('becomes its field tests, read where they stand', () => {
    const asked: unknown[] = [];
    const { context } = buildContext();
    const map = { 'payload.amount': { at_least: 1000 } };
    where.build(map, {
      ...context,
      tests(given, pointer) {
        asked.push(given, pointer);
        return context.tests(given, pointer);
      },
    });
    expect(asked).toEqual([map, '/condition/kind']);
  });
});

describe('pattern_matched', () => {
  test('becomes one test of its field, pointing at the expression', () => {
    const { context } = buildContext();
    expect(
      patternMatched.build({ field: 'payload.error', regex: 'time', ignore_case: true }, context),
    ).toEqual({
      memory: 'none',
      test: {
        kind: 'field',
        reading: { path: 'payload.error' },
        operator: 'matches',
        operand: { kind: 'literal', value: 'time' },
        ignoreCase: true,
        pointer: '/condition/kind/regex',
      },
    });
  });

  test.each([
    ['error', 'payload.error'],
    ['order.note', 'payload.order.note'],
    ['["a.b"].c', 'payload["a.b"].c'],
  ])(
    'reads the classic field %s inside the payload, as text and as empty when missing',
    (pattern_field, path) => {
      const { context, reports } = buildContext({ pointer: '/parameters' });
      const built = patternMatched.buildClassic?.({ pattern_field, pattern_regex: 'x' }, context);
      expect(reports).toEqual([]);
      expect(built).toEqual({
        memory: 'none',
        test: {
          kind: 'field',
          reading: { path, absent: '', as: 'text' },
          operator: 'matches',
          operand: { kind: 'literal', value: 'x' },
          ignoreCase: false,
          pointer: '/parameters/pattern_regex',
        },
      });
    },
  );

  test.each([
    [{ field: 'payload..x', regex: 'a' }, ['path-invalid /condition/kind/field']],
    [{ field: 'payload.x', regex: '(?=a)' }, ['regex-invalid /condition/kind/regex']],
  ])('reports what is wrong in %j', (settings, expected) => {
    const { context, reports } = buildContext();
    patternMatched.build(settings, context);
    expect(reports).toEqual(expected);
  });

  test.each([
    [{ field: 'payload.x' }],
    [{ regex: 'x' }],
    [{ field: 'payload.x', regex: 'x', ignorecase: true }],
    [{ field: 'payload.x', regex: 5 }],
  ])('refuses %j', (settings) => {
    expect(compileSettings(patternMatched.schema)(settings)).toBe(false);
  });
});
