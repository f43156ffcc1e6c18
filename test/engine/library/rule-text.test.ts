import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ruleText } from '../../../src/engine/library/rule-text.js';
import type { Json } from '../../../src/kernel/json.js';
import { loadText } from '../../../src/load/folder.js';
import { propertyRuns } from '../../support/property-runs.js';

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '{',
      '}',
      ':',
      '#',
      '"',
      '\\',
      '\n',
      '\t',
      '\u007f',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\uffff',
      '-',
      ' ',
      '&',
      '*',
      '%',
      '😀',
    ),
  }),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1e3',
    '0x1f',
    '<<',
    '---',
    '...',
    '',
    '{{ event.payload.a }}',
    '2026-01-01',
  ),
);
/** Not empty: a key with nothing after it is a mistake in a rule file, and is told as one. */
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;

test('rules given as an object read as the YAML that holds the same', () => {
  fc.assert(
    fc.property(fc.dictionary(text, value, { minKeys: 1, maxKeys: 4 }), (rules) => {
      const { documents, diagnostics } = loadText('rules', ruleText(rules));
      expect(diagnostics).toEqual([]);
      // -0 is no number of JSON.
      expect(documents.map((document) => document.value)).toEqual([JSON.parse(JSON.stringify(rules))]);
    }),
    propertyRuns(0.15),
  );
});
