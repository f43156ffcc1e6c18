import { describe, expect, it } from 'vitest';
import { nesting } from '../../src/kernel/json.ts';
import { loadText } from '../../src/load/load-text.ts';

/** `line:column+length code` and what must be in message and hint. */
type Expected = readonly [place: string, code: string, message?: RegExp, hint?: RegExp];

function told(text: string): string[] {
  return loadText('rules/a.yaml', text).diagnostics.map(
    ({ line, column, length, code }) => `${line}:${column}+${length} ${code}`,
  );
}

const table: readonly (readonly [name: string, text: string, ...expected: Expected[]])[] = [
  ['a key twice', 'a: 1\nb: 2\na: 3\n', ['3:1+1', 'duplicate-key', /a stands twice.*first on line 1/]],
  ['a key twice in braces', 'x: {k: 1, k: 2}', ['1:11+1', 'duplicate-key', /first on line 1/]],
  ['a number key and its text', '1: a\n"1": b', ['2:1+3', 'duplicate-key', /1 stands twice/]],
  [
    'two keys twice in two maps',
    'a:\n  b: 1\n  b: 2\nc:\n  d: 1\n  d: 2\n',
    ['3:3+1', 'duplicate-key'],
    ['6:3+1', 'duplicate-key'],
  ],
  [
    'a key with nothing after it',
    'a: 1\npayload.region:\nb: 2',
    ['2:1+14', 'empty-value', /payload\.region/, /null/],
  ],
  ['a list item with nothing in it', 'a:\n  - 1\n  -\n  - 2', ['3:4+1', 'empty-value', /list item/]],
  ['a comment that eats the value', 'channel: #ops', ['1:1+7', 'empty-value', /channel/, /channel: "#ops"/]],
  [
    'an anchor without a value',
    'a: &team\nb: 1',
    ['1:1+1', 'empty-value', /a has/, /&team is a YAML anchor.*quotes/],
  ],
  ['a colon without a space in braces', 'a: {b:1}', ['1:5+3', 'empty-value', /b:1/, /space after the colon/]],
  ['a word alone in braces', 'a: {b, c: 1}', ['1:5+1', 'empty-value', /b has/, /\{ b: value \}/]],
  [
    'an unquoted template',
    'a: {{ event.source }}',
    ['1:4+18', 'template-unquoted', /\{\{/, /"\{\{ event\.source \}\}"/],
  ],
  [
    'an unquoted template with text',
    'a: {{ x }} and y # z',
    ['1:4+7', 'template-unquoted', /./, /"\{\{ x \}\} and y"/],
  ],
  ['an unquoted template in a list', 'a:\n  - {{ x }}', ['2:5+7', 'template-unquoted']],
  ['an unquoted template in braces', 'a: { b: {{ x }} }', ['1:9+7', 'template-unquoted', /./, /quotes/]],
  [
    'text and a template in braces',
    'a: { b: hello {{ x }} }',
    ['1:15+7', 'template-unquoted', /inside \{ \}/, /quotes/],
  ],
  ['an unquoted template tag', 'a: {% if x %}y{% endif %}', ['1:4+10', 'template-unquoted']],
  [
    'templates on several lines',
    'a: {{ x }} y\nb: 1\nc: {{ z }} w\n',
    ['1:4+7', 'template-unquoted'],
    ['3:4+7', 'template-unquoted'],
  ],
  [
    'a path with an index in braces',
    'f: { payload.items[0].sku: x }',
    ['1:6+20', 'yaml-syntax', /payload\.items\[0\]\.sku/, /quotes|block style/],
  ],
  [
    'a path with a star in braces',
    'f: { items[*].sku: x }',
    ['1:6+12', 'yaml-syntax', /items\[\*\]\.sku/, /quotes/],
  ],
  [
    'a path with a quoted key in braces',
    'f: { payload["a.b"]: x }',
    ['1:6+14', 'yaml-syntax', /payload\["a\.b"\]/, /quotes/],
  ],
  ['a tab as indentation', 'a:\n\tb: 1', ['1:1+1', 'empty-value'], ['2:1+1', 'yaml-syntax', /tab/, /spaces/]],
  ['an at sign', 'a: @here', ['1:4+1', 'yaml-syntax', /start with this character/, /quotes/]],
  ['a backtick', 'a: `b`', ['1:4+1', 'yaml-syntax', /start/, /quotes/]],
  ['a percent sign', 'a: %b', ['1:4+1', 'yaml-syntax', /start/, /quotes/]],
  ['a star alone', 'event_types: [*]', ['1:15+1', 'yaml-alias', /\*/, /quotes/]],
  ['a star and a word', 'a: *.failed', ['1:4+8', 'yaml-alias', /\*\.failed has no anchor/, /quotes/]],
  ['a cron expression', 'cron: */5 * * * *', ['1:7+3', 'yaml-alias', /\*\/5/, /quotes/]],
  ['an ampersand', 'a: & b', ['1:4+1', 'yaml-alias', /&/, /quotes/]],
  ['an anchor in itself', 'a: &a [*a]', ['1:8+2', 'yaml-alias', /refers to itself/]],
  ['a tag', 'a: !important b', ['1:4+10', 'yaml-tag', /!important/, /quotes/]],
  ['a tag of YAML 1.1', 'a: !!binary aGk=', ['1:4+8', 'yaml-tag', /!!binary/]],
  ['a tag that the value does not fit', 'a: !!int x', ['1:4+5', 'yaml-tag', /!!int/]],
  [
    'a quote that is not closed',
    'a: 1\nb: "c\nd: e\n',
    ['2:4+1', 'yaml-syntax', /" that opens here is not closed/],
  ],
  [
    'a bracket that is not closed',
    'a: [1, 2\nb: 3',
    ['1:4+1', 'yaml-syntax', /\[ that opens here is not closed/],
  ],
  ['a quote within quotes', "a: 'it's'", ['1:8+2', 'yaml-syntax', /ended before/, /write a quote twice/]],
  ['a backslash in double quotes', 'a: "\\d+"', ['1:5+1', 'yaml-syntax', /escape/, /single quotes/]],
  ['a colon in a value', 'a: b: c', ['1:4+1', 'yaml-syntax', /colon/, /quotes/]],
  ['a key indented too far', 'a: 1\n  b: 2\nc: 3', ['2:3+1', 'yaml-syntax', /indented further/, /align/]],
  ['a map beside a list', '- a\nb: c', ['2:1+1', 'yaml-syntax', /does not fit/, /indentation/]],
  ['a list as key', '[a]: b', ['1:1+3', 'yaml-syntax', /key must be plain text/]],
  ['an empty key', '{: a}', ['1:2+1', 'yaml-syntax', /key is empty/]],
  ['an infinite number', 'a: .inf', ['1:4+4', 'wrong-value', /\.inf/, /quotes/]],
  ['not a number', 'a: .NaN', ['1:4+4', 'wrong-value', /\.NaN/, /quotes/]],
  ['an exponent too large', 'a: [1e999]', ['1:5+5', 'wrong-value', /1e999/]],
  ['an integer too large', 'a: 9007199254740993', ['1:4+16', 'wrong-value', /2\^53/, /quotes/]],
  ['a directive', '%YAML 1.1\n---\na: no', ['1:1+9', 'yaml-syntax', /directive/, /remove/]],
  ['a NUL', 'a: 1\nb: \0', ['2:4+1', 'yaml-syntax', /U\+0000/, /UTF-8/]],
  ['a control character', 'a: \u001b[31m', ['1:4+1', 'yaml-syntax', /U\+001B/]],
  [
    'a document too deep in brackets',
    `a: ${'['.repeat(40)}${']'.repeat(40)}`,
    ['1:35+18', 'yaml-depth', /32/],
  ],
  ['brackets without end', `a: ${'['.repeat(5_000)}`, ['1:130+1', 'yaml-depth', /32/]],
];

const cases = table.map(([name, text, ...expected]) => ({ name, text, expected }));

describe('what is wrong in a rule file', () => {
  it.each(cases)('is told with its place: $name', ({ text, expected }) => {
    const { diagnostics } = loadText('rules/a.yaml', text);
    expect(told(text)).toEqual(expected.map(([place, code]) => `${place} ${code}`));
    expected.forEach(([, , message, hint], index) => {
      if (message) expect(diagnostics[index]?.message).toMatch(message);
      if (hint) expect(diagnostics[index]?.hint).toMatch(hint);
    });
  });

  it('has the same place with Windows line breaks and a byte order mark', () => {
    for (const { text } of cases.filter(({ text }) => text.includes('\n'))) {
      expect(told(`\ufeff${text.replaceAll('\n', '\r\n')}`)).toEqual(told(text));
    }
  });

  it('comes with its line, pointer and file', () => {
    expect(loadText('rules/a.yaml', 'x:\n  - a/b~c: 1\n    d:   # none\r\n').diagnostics).toEqual([
      {
        code: 'empty-value',
        severity: 'error',
        message: 'd has nothing after it',
        hint: 'give it a value; write null (or ~) if null is meant',
        file: 'rules/a.yaml',
        line: 3,
        column: 5,
        length: 1,
        pointer: '/x/0/d',
        sourceLine: '    d:   # none',
      },
    ]);
  });

  it('does not hide what is wrong in other documents of the file, and not the other documents', () => {
    const text = 'a: [\n---\nb: 1\n---\nc: {{ x }} y\n---\nd: 2\n';
    expect(told(text)).toEqual(['1:4+1 yaml-syntax', '5:4+7 template-unquoted']);
    expect(loadText('a.yaml', text).documents.map(({ index, value }) => [index, value])).toEqual([
      [1, { b: 1 }],
      [3, { d: 2 }],
    ]);
  });

  it('leaves the rest of a document readable when its meaning is clear', () => {
    const { documents } = loadText('a.yaml', 'a:\nb: {{ x }}\nc: 1\nc: 2\nd: !t e\nf: .inf\n');
    expect(documents.map(({ value }) => value)).toEqual([{ a: null, b: '{{ x }}', c: 1, d: 'e', f: '.inf' }]);
  });

  it('is at most twenty diagnostics a file', () => {
    const lines = Array.from({ length: 50 }, (_, n) => `k${n}:`).join('\n');
    expect(loadText('a.yaml', lines).diagnostics.map(({ line }) => line)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1),
    );
  });

  it('is nothing in a file of 256 KiB, and its size in a larger one', () => {
    const file = (size: number): string => `a: ${'x'.repeat(size - 3)}`;
    expect(told(file(256 * 1024))).toEqual([]);
    expect(told(file(256 * 1024 + 1))).toEqual(['0:0+1 file-too-large']);
    expect(told(`a: ${'é'.repeat(131_071)}`)).toEqual(['0:0+1 file-too-large']);
  });
});

describe('what is fine in a rule file', () => {
  it.each<readonly [string, string, unknown]>([
    ['an explicit null', 'a: null\nb: ~\nc: Null', { a: null, b: null, c: null }],
    ['words that YAML 1.1 reads as booleans', 'a: no\nb: on\nc: Yes', { a: 'no', b: 'on', c: 'Yes' }],
    [
      'numbers of the core schema',
      'a: [0o14, 0x1F, 1e3, .5, -0, +7, 012]',
      { a: [12, 31, 1000, 0.5, 0, 7, 12] },
    ],
    [
      'texts that look like numbers elsewhere',
      'a: [1_000, 0b11, 1:30, 0x, -0x1]',
      { a: ['1_000', '0b11', '1:30', '0x', '-0x1'] },
    ],
    [
      'dates, which stay texts',
      'a: 2026-01-31\nb: 2026-01-31T12:00:00Z',
      { a: '2026-01-31', b: '2026-01-31T12:00:00Z' },
    ],
    ['a merge key, which is a key', '<<: {a: 1}\nb: 2', { '<<': { a: 1 }, b: 2 }],
    ['number keys', '0: a\n1.50: b\n0x1F: c', { '0': 'a', '1.50': 'b', '0x1F': 'c' }],
    [
      'paths as keys in block style',
      'payload.items[0].sku: a\npayload["a.b"]: b',
      { 'payload.items[0].sku': 'a', 'payload["a.b"]': 'b' },
    ],
    ['quoted templates', `a: "{{ x }}"\nb: '{{ y }}: {{ z }}'`, { a: '{{ x }}', b: '{{ y }}: {{ z }}' }],
    ['a template inside plain text', 'a: failed in {{ x }}', { a: 'failed in {{ x }}' }],
    ['anchors and aliases', 'a: &a {x: 1}\nb: [*a, *a]', { a: { x: 1 }, b: [{ x: 1 }, { x: 1 }] }],
    ['the last of two anchors of one name', 'a: &n 1\nb: *n\nc: &n 2\nd: *n', { a: 1, b: 1, c: 2, d: 2 }],
    [
      'tags of the core schema that fit',
      'a: !!str 5\nb: !!int 5\nc: !!map {d: e}',
      { a: '5', b: 5, c: { d: 'e' } },
    ],
    ['the directive of YAML 1.2', '%YAML 1.2\n---\na: b', { a: 'b' }],
    ['a scalar', 'words', 'words'],
    ['32 levels', `${'['.repeat(32)}${']'.repeat(32)}`, JSON.parse(`${'['.repeat(32)}${']'.repeat(32)}`)],
    ['a multi-line text in quotes', 'a: "b\n  c"', { a: 'b c' }],
    ['a multi-line list in brackets', 'a: [b,\n  c]', { a: ['b', 'c'] }],
  ])('is read as meant: %s', (_name, text, value) => {
    const { documents, diagnostics } = loadText('a.yaml', text);
    expect(diagnostics).toEqual([]);
    expect(documents.map((document) => document.value)).toEqual([value]);
  });

  it('includes files without any document', () => {
    for (const text of ['', '# only a comment\n', '---\n', '---\n---\n...\n', '\ufeff']) {
      expect(loadText('a.yaml', text)).toEqual({ documents: [], diagnostics: [] });
    }
  });

  it('includes a hundred alias expansions and not one more', () => {
    const aliases = (count: number): string => `a: &a 1\nb: [${Array(count).fill('*a').join(', ')}]`;
    expect(told(aliases(100))).toEqual([]);
    expect(told(aliases(101))).toEqual(['2:405+2 yaml-alias']);
    // Aliases inside of an anchor count each time: 8 + (1 + 8) * 11 = 107.
    const nested = `a: &a 1\nb: &b [${Array(8).fill('*a').join(',')}]\nc: [${Array(11).fill('*b').join(',')}]`;
    expect(told(nested)).toEqual(['3:35+2 yaml-alias']);
  });

  it('keeps __proto__ and its like as plain members', () => {
    for (const text of [
      '__proto__: {polluted: 1}\nconstructor: 2',
      '__proto__: &a {polluted: 1}\nconstructor: 2',
    ]) {
      const value = loadText('a.yaml', text).documents[0]?.value as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    }
  });

  it('never nests deeper than the language allows', () => {
    const { documents } = loadText('a.yaml', `${'- '.repeat(60)}a`);
    for (const { value } of documents) expect(nesting(value, 100)).toBeLessThanOrEqual(32);
  });
});
