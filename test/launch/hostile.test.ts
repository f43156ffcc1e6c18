import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/fault.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { createTemplates } from '../../src/launch/liquid.js';
import { problemsOf, render, renderMap, scopeOf } from './scope.js';

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (cause) {
    if (cause instanceof Fault) return cause;
    throw cause;
  }
  throw new TypeError('nothing was thrown');
}

describe('nothing but own data can be read', () => {
  test.each([
    '{{ event.constructor }}',
    '{{ event.__proto__ }}',
    '{{ event.payload.constructor.name }}',
    '{{ event.payload["__proto__"]["toString"] }}',
    '{{ event.payload.tags.map }}',
    '{{ event.payload.tags.constructor }}',
    '{{ event.payload.text.constructor }}',
    '{{ event.payload.text.__proto__ }}',
    '{{ "abc".constructor }}',
    '{{ event.payload[event.payload.evil] }}',
    '{{ events.constructor }}',
    '{{ event.hasOwnProperty }}',
  ])('%s is missing', (template) => {
    const { value, warnings } = render(template, { tags: ['a'], text: 'abc', evil: 'constructor' });
    expect(value).toBeNull();
    expect(warnings).toHaveLength(1);
  });

  test.each([
    'process',
    'globalThis',
    'global',
    'require',
    'module',
    'self',
    'this',
    '__proto__',
    'toString',
    'env',
  ])('%s is no name', (name) => {
    expect(problemsOf(`{{ ${name} }}`)).toMatchObject([{ kind: 'unknown-name' }]);
    expect(problemsOf(`{{ ${name}.x | upcase }}`)).toMatchObject([{ kind: 'unknown-name' }]);
  });

  test('own data of such a name is data', () => {
    const payload = JSON.parse('{"__proto__":{"a":1},"constructor":"c"}') as JsonObject;
    expect(render('{{ event.payload.__proto__.a }}{{ event.payload.constructor }}', payload).value).toBe(
      '1c',
    );
  });

  test('a template in the data is text', () => {
    expect(render('{{ event.payload.a }}', { a: '{{ now }}' }).value).toBe('{{ now }}');
    expect(render('x {{ event.payload.a | append: "{{ now }}" }}', { a: '{{ now }}' }).value).toBe(
      'x {{ now }}{{ now }}',
    );
  });
});

describe('output over 256 KiB stops the launch with a Fault that names the template', () => {
  const half = 'x'.repeat(140_000);

  test.each<[string, JsonObject, JsonObject]>([
    ['one text', { big: 'a{{ event.payload.a }}{{ event.payload.a }}' }, { a: half }],
    ['several values together', { a: '{{ event.payload.a }}', big: '{{ event.payload.a }}' }, { a: half }],
    ['a list', { big: '{{ event.payload.a }}' }, { a: [half, half] }],
    ['bytes, not characters', { big: '{{ event.payload.a }}' }, { a: 'é'.repeat(140_000) }],
    [
      'the same object many times',
      Object.fromEntries(['a', 'b', 'big'].map((key) => [key, '{{ event.payload }}'])),
      { a: 'x'.repeat(100_000) },
    ],
    [
      'replacing',
      { big: '{{ event.payload.a | replace: "x", event.payload.a }}' },
      { a: 'x'.repeat(100_000) },
    ],
    [
      'replacing nothing',
      { big: '{{ event.payload.a | replace: "", event.payload.a | size }}' },
      { a: 'x'.repeat(100_000) },
    ],
    [
      'joining',
      { big: '{{ event.payload.a | split: "" | join: event.payload.a }}' },
      { a: 'x'.repeat(100_000) },
    ],
    [
      'appending',
      { big: `{{ event.payload.a ${'| append: event.payload.a '.repeat(40)} | size }}` },
      { a: 'x'.repeat(10_000) },
    ],
    ['encoding', { big: '{{ event.payload.a | url_encode }}' }, { a: 'é'.repeat(60_000) }],
  ])('%s', (_what, map, payload) => {
    const fault = faultOf(() => renderMap(map, scopeOf(payload)));
    expect(fault.code).toBe('rules-invalid');
    expect(fault.message).toContain('/big');
    expect(fault.message).toContain('256 KiB');
  });

  test('output just below is fine', () => {
    expect(render('{{ event.payload.a }}', { a: 'x'.repeat(262_144) }).warnings).toEqual([]);
  });

  test('a chain of filters does a bounded amount of work', () => {
    const map = { big: `{{ event.payload.a ${'| upcase '.repeat(2_000)}| size }}` };
    expect(faultOf(() => renderMap(map, scopeOf({ a: 'x'.repeat(200_000) }))).code).toBe('rules-invalid');
  });
});

describe('whatever a person writes', () => {
  const piece = fc.constantFrom(
    '{{', '}}', '{%', '%}', '{{-', '-%}', 'event', '.payload', '.a', '[', ']', '["a"]', '"', "'", '|', ':', ',', ' ', '(', ')', '..',
    'if', 'endif', 'else', 'elsif', 'unless', 'case', 'when', 'endcase', 'raw', 'endraw', 'comment', 'endcomment', '#', 'default', 'upcase', 'plus',
    '1', '-', '==', 'and', 'not', 'contains', 'nil', 'empty', '\\', '\n', 'é', '😀', '\ud800',
  ); // biome-ignore format: a word list
  test('either is a template that renders to JSON, or has problems that say where', () => {
    const templates = createTemplates();
    const text = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    fc.assert(
      fc.property(text, (template) => {
        const parsed = templates.parse({ key: template });
        if ('problems' in parsed) {
          expect(parsed.problems.length).toBeGreaterThan(0);
          for (const problem of parsed.problems) {
            expect(problem.pointer).toBe('/key');
            expect(problem.message).not.toBe('');
            expect(problem.hint).not.toBe('');
          }
        } else {
          const value = parsed.template.render(scopeOf({ a: 1 })).value['key'];
          expect(JSON.parse(JSON.stringify(value))).toEqual(value);
        }
      }),
      { numRuns: 2_500 },
    );
  });

  test.each([
    ['brackets', `{{ ${'event['.repeat(30_000)}`],
    ['closed brackets', `{{ ${'event['.repeat(20_000)}"a"${']'.repeat(20_000)} }}`],
    ['blocks', '{% if event.a %}'.repeat(8_000) + '{% endif %}'.repeat(8_000)],
    ['outputs', '{{ event.a }}'.repeat(15_000)],
    ['an unclosed output', `{{ ${'a '.repeat(100_000)}`],
    ['braces', '{{'.repeat(100_000)],
    ['dots', `{{ event${'.a'.repeat(100_000)} }}`],
    ['operators', `{{ event.a${' and event.a'.repeat(15_000)} }}`],
    ['nots', `{{ ${'not '.repeat(50_000)}event.a }}`],
  ])('many %s are answered, not survived by luck', (_what, template) => {
    const parsed = createTemplates().parse({ key: template });
    if ('problems' in parsed) return expect(parsed.problems.length).toBeGreaterThan(0);
    expect(parsed.template.render(scopeOf({})).value).toHaveProperty('key');
  });

  test('a deep value in text is written out', () => {
    let value: Json = 1;
    for (let i = 0; i < 64; i++) value = { a: value };
    expect(render('x{{ event.payload.deep }}', { deep: value }).value).toContain('{"a":{"a":');
  });
});
