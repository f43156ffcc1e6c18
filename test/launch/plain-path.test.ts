import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/kernel/json.js';
import { createLiquidEngine } from '../../src/launch/liquid-engine.js';
import { ROOT_NAMES } from '../../src/launch/names.js';
import { createBudget } from '../../src/launch/output-limit.js';
import { plainPath } from '../../src/launch/plain-path.js';
import { plainText } from '../../src/launch/plain-text.js';

const engine = createLiquidEngine();
const KEYS = [
  'a',
  'b',
  'size',
  'first',
  'last',
  'length',
  '0',
  '1',
  'x-y',
  'x_y',
  'constructor',
  '__proto__',
  'toString',
  'a b',
  'a.b',
];

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, 5, '', 'text', '😀b'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 4 })
      .map(
        (entries) =>
          JSON.parse(
            `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${JSON.stringify(member)}`).join(',')}}`,
          ) as Json,
      ),
  ),
}));

const step = fc.oneof(
  fc.constantFrom(...KEYS.filter((key) => /^[\w-]+$/.test(key))).map((key) => `.${key}`),
  fc.constantFrom(...KEYS).map((key) => `["${key}"]`),
  fc.integer({ min: -4, max: 4 }).map((index) => `[${index}]`),
);
const path = fc
  .tuple(fc.constantFrom(...ROOT_NAMES.trigger), fc.array(step, { maxLength: 4 }))
  .map(([root, steps]) => root + steps.join(''));
const blank = fc.constantFrom('', ' ', '  ', '\n');

describe('a plain path', () => {
  test('reads what the template engine reads', () => {
    fc.assert(
      fc.property(path, blank, blank, value, (text, before, after, root) => {
        const template = `{{${before}${text}${after}}}`;
        const plain = plainPath(template, ROOT_NAMES.trigger);
        if (plain === undefined) throw new TypeError(`not plain: ${template}`);
        const scope = Object.fromEntries(ROOT_NAMES.trigger.map((name) => [name, root]));
        const parsed = engine.parse(template, 'trigger');
        if (!('template' in parsed)) throw new TypeError(`the engine refuses ${template}`);
        expect(plain.read(scope)).toEqual(parsed.template.evaluate(scope, createBudget()).value);
        expect(parsed.template.paths).toHaveLength(1);
      }),
      { numRuns: 3_000 },
    );
  });

  test('is never taken for one where the engine reads something else', () => {
    const piece = fc.constantFrom(
      'event',
      '.a',
      '.',
      '-',
      '[0]',
      '["a"]',
      "['a']",
      '|',
      ' ',
      'size',
      '0',
      '[',
      ']',
      '"',
      'true',
      'nil',
      '{{',
      '}}',
      'x',
      '..',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), value, (pieces, root) => {
        const template = `{{${pieces.join('')}}}`;
        const plain = plainPath(template, ROOT_NAMES.trigger);
        if (plain === undefined) return;
        const scope = { event: root };
        const parsed = engine.parse(template, 'trigger');
        if (!('template' in parsed)) throw new TypeError(`the engine refuses ${template}`);
        expect(plain.read(scope)).toEqual(parsed.template.evaluate(scope, createBudget()).value);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    '{{ event.a }} ',
    '{{- event.a }}',
    '{{ event.a -}}',
    '{{ event.a-}}',
    '{{ event.a | upcase }}',
    '{{ event.a }}{{ event.b }}',
    '{{ other.a }}',
    '{{ true }}',
    "{{ event['a'] }}",
    '{{ event["a\\"b"] }}',
    '{{ event. }}',
    '{{ }}',
    '{{ event..a }}',
  ])('%s is none', (template) => {
    expect(plainPath(template, ROOT_NAMES.trigger)).toBeUndefined();
  });
});

describe('a text of plain paths', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'a ',
      ' b',
      '{',
      '}',
      '{{',
      '}}',
      '{%',
      '-',
      '\n',
      '{{ event.a | upcase }}',
      '{{- event }}',
    ),
    path.map((text) => `{{ ${text} }}`),
  );

  test('reads as the template engine renders it, or is left to the engine', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), value, (pieces, root) => {
        const template = pieces.join('');
        const plain = plainText(template, ROOT_NAMES.trigger);
        // A template that is one path alone keeps its type and never comes here.
        if (
          plain === undefined ||
          plainPath(template, ROOT_NAMES.trigger) !== undefined ||
          !/\{\{/.test(template)
        )
          return;
        taken++;
        const scope = Object.fromEntries(ROOT_NAMES.trigger.map((name) => [name, root]));
        const parsed = engine.parse(template, 'trigger');
        if (!('template' in parsed)) throw new TypeError(`the engine refuses ${template}`);
        const missing: string[] = [];
        const expected = parsed.template.evaluate(scope, createBudget());
        expect(plain.render(scope, (one) => missing.push(one))).toEqual(expected.value);
        expect(missing).toHaveLength(expected.missing.length);
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});
