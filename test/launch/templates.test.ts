import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { createTemplates } from '../../src/launch/liquid.js';
import { problemsOf, render, renderMap, scopeOf } from './scope.js';

const payload: JsonObject = {
  count: 5,
  rate: 0.5,
  region: 'eu',
  note: '',
  on: true,
  off: false,
  none: null,
  tags: ['a', 'b', 'c'],
  order: { id: 7, size: 'large', lines: [{ sku: 'x' }, { sku: 'y' }] },
  'a.b': { 'c d': 1 },
  'dash-ed': 'yes',
  face: 'hé😀',
  key: 'region',
  at: '2026-01-31T12:00:00+01:00',
};

describe('a template that is all of a string keeps the type of its value', () => {
  test.each<[string, Json]>([
    ['{{ event.payload.count }}', 5],
    ['{{event.payload.count}}', 5],
    ['{{- event.payload.count -}}', 5],
    ['  {{- event.payload.count -}}  ', 5],
    ['{{ event.payload.on }}', true],
    ['{{ event.payload.none }}', null],
    ['{{ event.target }}', null],
    ['{{ event.payload.tags }}', ['a', 'b', 'c']],
    ['{{ event.payload.order }}', payload['order'] as Json],
    ['{{ event.payload.order.lines[0].sku }}', 'x'],
    ['{{ event.payload.order.lines.1.sku }}', 'y'],
    ['{{ event.payload.order.lines[-1].sku }}', 'y'],
    ['{{ event.payload["a.b"]["c d"] }}', 1],
    ["{{ event.payload['a.b']['c d'] }}", 1],
    ['{{ event.payload.dash-ed }}', 'yes'],
    ['{{ event.payload[event.payload.key] }}', 'eu'],
    ['{{ event.payload.at }}', '2026-01-31T12:00:00+01:00'],
    ['{{ event.payload.count | plus: 1 }}', 6],
    ['{{ event.payload.count > 4 }}', true],
    ['{{ event.payload.count == 5 and event.payload.off }}', false],
    ['{{ "text" }}', 'text'],
    ['{{ 12 }}', 12],
    ['{{ nil }}', null],
    ['{{ now }}', '2026-01-01T00:00:13Z'],
  ])('%s', (template, expected) => {
    expect(render(template, payload)).toEqual({ value: expected, warnings: [] });
  });
});

describe('a template inside text becomes text', () => {
  test.each<[string, string]>([
    ['n={{ event.payload.count }}', 'n=5'],
    ['{{ event.payload.count }}\n', '5\n'],
    ['{{ event.payload.count }}{{ event.payload.rate }}', '50.5'],
    ['{{ event.payload.on }}/{{ event.payload.off }}', 'true/false'],
    ['[{{ event.payload.none }}]', '[]'],
    ['tags {{ event.payload.tags }}', 'tags ["a","b","c"]'],
    ['line {{ event.payload.order.lines[0] }}', 'line {"sku":"x"}'],
    ['{% if event.payload.count >= 5 %}many{% else %}few{% endif %}', 'many'],
    ['{% if event.payload.region == "us" %}us{% elsif event.payload.region == "eu" %}eu{% endif %}', 'eu'],
    ['{% unless event.payload.on %}off{% else %}on{% endunless %}', 'on'],
    [
      '{% case event.payload.region %}{% when "us", "ca" %}a{% when "eu" or "uk" %}e{% else %}?{% endcase %}',
      'e',
    ],
    ['{% raw %}{{ not.read }}{% endraw %}', '{{ not.read }}'],
    ['a{% comment %}{{ not.read }} {% nothing %}{% endcomment %}b', 'ab'],
    ['{%- if event.payload.on -%}  x  {%- endif -%}', 'x'],
    ['{% if event.payload.tags contains "b" %}y{% endif %}', 'y'],
    ['{% if event.payload.tags contains "z" %}y{% endif %}', ''],
    ['{% if event.payload.note == empty %}y{% endif %}', 'y'],
    ['{% if event.payload.note == blank %}y{% endif %}', 'y'],
    ['{% if event.payload.absent == nil %}y{% endif %}', 'y'],
    ['{% if not event.payload.off %}y{% endif %}', 'y'],
    ['}} and } are text, {{ event.payload.count }}', '}} and } are text, 5'],
  ])('%s', (template, expected) => {
    expect(render(template, payload)).toEqual({ value: expected, warnings: [] });
  });

  test.each<[string]>([
    ['{% if event.payload.key > 4 %}y{% endif %}'],
    ['{% if event.payload.count == "5" %}y{% endif %}'],
    ['{% if event.payload.region contains 5 %}y{% endif %}'],
    ['{% if event.payload.absent > 0 %}y{% endif %}'],
  ])('%s converts nothing to compare it', (template) => {
    expect(render(template, payload)).toEqual({ value: '', warnings: [] });
  });

  test('lists and objects are equal when their content is', () => {
    const twice: JsonObject = { a: { x: [1] }, b: { x: [1] }, c: { x: [2] } };
    expect(render('{{ event.payload.a == event.payload.b }}', twice).value).toBe(true);
    expect(render('{{ event.payload.a == event.payload.c }}', twice).value).toBe(false);
  });
});

describe('a value that is missing gives null, or nothing inside text, and a warning', () => {
  test.each<[string, Json, string]>([
    [
      '{{ event.payload.absent }}',
      null,
      '/key: event.payload.absent is missing in "{{ event.payload.absent }}"',
    ],
    [
      'a{{ event.payload.absent }}b',
      'ab',
      '/key: event.payload.absent is missing in "a{{ event.payload.absent }}b"',
    ],
    [
      '{{ event.payload.absent | upcase }}',
      null,
      '/key: event.payload.absent is missing in "{{ event.payload.absent | upcase }}"',
    ],
    [
      '{{ event.payload.region | append: event.payload.absent }}',
      null,
      '/key: event.payload.absent is missing in "{{ event.payload.region | append: event.payload.absent }}"',
    ],
    [
      '{{ event.payload.tags[9] }}',
      null,
      '/key: event.payload.tags[9] is missing in "{{ event.payload.tags[9] }}"',
    ],
    ['{{ "" | first }}', null, '/key: "{{ \\"\\" | first }}" gives no value'],
  ])('%s', (template, value, warning) => {
    expect(render(template, payload)).toEqual({ value, warnings: [warning] });
  });

  test('each of two missing values has its warning', () => {
    const { value, warnings } = render('{{ event.payload.x }}-{{ event.payload.y }}', payload);
    expect(value).toBe('-');
    expect(warnings.map((warning) => warning.split(' ')[1])).toEqual(['event.payload.x', 'event.payload.y']);
  });

  test.each<[string, Json]>([
    ['{{ event.payload.absent | default: 7 }}', 7],
    ['{{ event.payload.none | default: 7 }}', 7],
    ['{{ event.payload.absent | upcase | default: "none" }}', 'none'],
    ['{{ event.payload.absent | default: event.payload.region }}', 'eu'],
    ['{{ event.payload.off | default: 7 }}', false],
    ['{{ event.payload.note | default: 7 }}', ''],
    ['x{{ event.payload.absent | default: "-" }}', 'x-'],
  ])('%s answers for missing and null only, without a warning', (template, expected) => {
    expect(render(template, payload)).toEqual({ value: expected, warnings: [] });
  });

  test('null passes through filters', () => {
    expect(render('{{ event.payload.none | upcase | plus: 1 }}', payload)).toEqual({
      value: null,
      warnings: [],
    });
  });

  test('asking whether it is there is no warning', () => {
    expect(render('{% if event.payload.absent %}y{% else %}n{% endif %}', payload).warnings).toEqual([]);
  });
});

describe('size, first and last belong to lists and texts', () => {
  test.each<[string, Json]>([
    ['{{ event.payload.tags.size }}', 3],
    ['{{ event.payload.tags.first }}', 'a'],
    ['{{ event.payload.tags.last }}', 'c'],
    ['{{ event.payload.face.size }}', 3],
    ['{{ event.payload.face.first }}', 'h'],
    ['{{ event.payload.face.last }}', '😀'],
    ['{{ event.payload.order.size }}', 'large'],
    ['{{ event.payload.tags | size }}', 3],
    ['{{ event.payload.face | last }}', '😀'],
    ['{{ "abc".size }}', 3],
  ])('%s', (template, expected) => {
    expect(render(template, payload)).toEqual({ value: expected, warnings: [] });
  });

  test.each([
    '{{ event.payload.size }}',
    '{{ event.payload.first }}',
    '{{ event.payload | size }}',
    '{{ event.payload.order.lines[0].size }}',
    '{{ event.payload.count.size }}',
    '{{ event.payload.tags.length }}',
    '{{ event.payload.face.length }}',
    '{{ event.payload.face[0] }}',
  ])('%s is missing', (template) => {
    const { value, warnings } = render(template, payload);
    expect(value).toBeNull();
    expect(warnings).toHaveLength(1);
  });
});

describe('what a filter cannot do gives null and a warning', () => {
  test.each([
    ['{{ event.payload.region | plus: 1 }}', '"eu" is not a number'],
    ['{{ event.payload.count | divided_by: 0 }}', 'division by zero'],
    ['{{ event.payload.count | join: "," }}', '5 is not a list'],
    ['x {{ event.payload.region | date: "%Y" }}', '"eu" is not a time'],
    ['{{ event.payload.at | date: "%Q" }}', '%Q is not part of a date format'],
    ['{{ event.payload.at | date: "%Y", "Mars/Base" }}', '"Mars/Base" is not a time zone'],
    ['{{ "%" | url_decode }}', 'the text is not URL-encoded'],
  ])('%s', (template, reason) => {
    const { value, warnings } = render(template, payload);
    expect(value).toBeNull();
    expect(warnings).toEqual([`/key: ${reason} in ${JSON.stringify(template)}, so it is null`]);
  });
});

describe('problems are found before anything is launched', () => {
  test.each([
    ['{{ payload.region }}', 'unknown-name', 'there is no name payload', 'did you mean event.payload?'],
    ['{{ evnt.payload.region }}', 'unknown-name', 'there is no name evnt', 'did you mean event?'],
    ['{{ env.HOME }}', 'unknown-name', 'there is no name env', 'names are event, events'],
    ['{{ event.payload[region] }}', 'unknown-name', 'there is no name region', 'names are'],
    ['{% if constructor %}x{% endif %}', 'unknown-name', 'there is no name constructor', 'names are'],
    ['{{ event.payload.a | upcse }}', 'unknown-filter', 'there is no filter upcse', 'did you mean upcase?'],
    [
      '{{ event.payload.a | sample }}',
      'unknown-filter',
      'there is no filter sample',
      'filters are default, ',
    ],
    ['{{ event.payload.a | raw }}', 'unknown-filter', 'there is no filter raw', 'filters are'],
    [
      '{% for x in events %}{% endfor %}',
      'unknown-tag',
      'the tag {% for %} is not part',
      'there are no loops',
    ],
    ['{% constructor %}', 'unknown-tag', 'the tag {% constructor %} is not part', 'tags are'],
    ['{% assign x = 1 %}', 'unknown-tag', 'the tag {% assign %} is not part', 'there is no assignment'],
    ['{% include "a" %}', 'unknown-tag', 'the tag {% include %} is not part', 'tags are if, elsif'],
    ['{% render "a" %}', 'unknown-tag', 'the tag {% render %} is not part', 'tags are'],
    [
      '{% unles event.a %}{% endunles %}',
      'unknown-tag',
      'the tag {% unles %} is not part',
      'did you mean {% unless %}?',
    ],
    ['{{ event.payload.a', 'syntax', 'not closed', ''],
    ['{% if event.payload.a', 'syntax', 'not closed', ''],
    ['{{ }}', 'syntax', 'invalid value expression', ''],
    ['{% %}', 'syntax', 'tag name expected', ''],
    ['{{ event.payload.a + 1 }}', 'syntax', 'expected "|" before filter', ''],
    ['{{ event.payload.a b }}', 'unknown-name', 'there is no name b', ''],
    ['{{ event.payload.a event.payload.b }}', 'syntax', 'values without an operator', ''],
    ['{{ event.payload.a == }}', 'syntax', 'lacks a value', ''],
    ['{{ event.payload.a, event.payload.b }}', 'syntax', '", event.payload.b" stands behind', ''],
    ['{{ event.payload.a ) }}', 'syntax', '")" stands behind', ''],
    ['{{ event.payload.a | }}', 'syntax', '"|" stands behind', ''],
    ['{{ event.payload. }}', 'syntax', 'ends in a dot', ''],
    ['{{ event.payload["a" b] }}', 'syntax', 'holds more than one value', ''],
    ['{{ event.payload[] }}', 'syntax', 'is empty', ''],
    ['{{ event.payload["a" }}', 'syntax', '[ not closed', ''],
    ['{{ (1..9) | join: "," }}', 'syntax', 'is a range', ''],
    ['{{ "abc }}', 'syntax', 'not closed', ''],
    ['{{ event.payload.a | append }}', 'syntax', 'takes 1 argument, not 0', 'as in {{ "checkout" | append'],
    ['{{ event.payload.a | upcase: 1 }}', 'syntax', 'takes 0 arguments, not 1', ''],
    ['{{ event.payload.a | default: 1, allow_false: true }}', 'syntax', 'takes 1 argument, not 2', ''],
    ['{{ event.payload.a | truncate: length: 3 }}', 'syntax', 'have no names', ''],
    ['{% if event.payload.a %}', 'syntax', '{% if %} is not closed', 'close it with {% endif %}'],
    ['{% endif %}', 'syntax', '{% endif %} stands outside', ''],
    ['{% if event.a %}{% endunless %}{% endif %}', 'syntax', '{% endunless %} stands outside', ''],
    ['{% else %}', 'syntax', '{% else %} stands outside', ''],
    ['{% if event.a %}{% else %}{% else %}{% endif %}', 'syntax', '{% else %} stands after {% else %}', ''],
    ['{% if event.a %}{% else %}{% elsif event.b %}{% endif %}', 'syntax', '{% elsif %} stands after', ''],
    ['{% if event.a %}{% else event.b %}{% endif %}', 'syntax', '{% else %} takes nothing', ''],
    ['{% case event.a %}{% when 1 2 %}{% endcase %}', 'syntax', '2 stands behind a value of {% when %}', ''],
    ['{% case event.a %}{% when %}{% endcase %}', 'syntax', 'lacks a value', ''],
    ['{% comment %}', 'syntax', '{% comment %} is not closed', ''],
    ['{% raw %}', 'syntax', 'not closed', ''],
  ])('%s', (template, kind, message, hint) => {
    const [problem] = problemsOf(template);
    expect(problem).toMatchObject({ kind, pointer: '/key' });
    expect(problem?.message).toContain(message);
    expect(problem?.hint).toContain(hint);
  });

  test('all of them at once, each with the pointer of its string', () => {
    const parsed = createTemplates().parse({
      a: ['{{ x.y }}', 'fine'],
      'b/c~d': { e: '{{ event.a | nope }} {{ z }}' },
    });
    if (!('problems' in parsed)) throw new TypeError('no problems');
    expect(parsed.problems.map(({ pointer, kind }) => [pointer, kind])).toEqual([
      ['/a/0', 'unknown-name'],
      ['/b~1c~0d/e', 'unknown-filter'],
      ['/b~1c~0d/e', 'unknown-name'],
    ]);
  });

  test('a workflow reads input and launch, a trigger does not', () => {
    expect(problemsOf('{{ input.region }} {{ launch.id }}', 'workflow')).toEqual([]);
    expect(problemsOf('{{ input.region }}', 'trigger')).toMatchObject([{ kind: 'unknown-name' }]);
    expect(problemsOf('{{ event.payload.a }}', 'workflow')).toMatchObject([
      { kind: 'unknown-name', hint: expect.stringContaining('input.trigger_event') as string },
    ]);
  });
});

describe('a map', () => {
  test('is walked to its depths, keys left as they are', () => {
    const map = {
      '{{ key }}': [{ a: '{{ event.payload.count }}' }, 5, null, true],
      'x/y': { z: 'n {{ event.payload.count }}' },
    };
    expect(renderMap(map, scopeOf(payload)).value).toEqual({
      '{{ key }}': [{ a: 5 }, 5, null, true],
      'x/y': { z: 'n 5' },
    });
  });

  test('without a template is rendered as one frozen value, and is not the caller’s own', () => {
    const map = { a: { b: [1, 'text'] }, c: 'no { template } here' };
    const parsed = createTemplates().parse(map);
    if (!('template' in parsed)) throw new TypeError('problems');
    const first = parsed.template.render(scopeOf({}));
    expect(first).toEqual({ value: map, warnings: [] });
    expect(parsed.template.render(scopeOf({})).value).toBe(first.value);
    expect(Object.isFrozen(first.value['a'])).toBe(true);
    expect(Object.isFrozen(map)).toBe(false);
  });

  test('keeps its keys in order, and a key named __proto__ as data', () => {
    const map = JSON.parse('{"b":"{{ now }}","__proto__":{"x":"{{ now }}"},"a":1}') as JsonObject;
    const { value } = renderMap(map, scopeOf({}));
    expect(Object.keys(value)).toEqual(['b', '__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('tells which paths it reads, pointer by pointer', () => {
    const parsed = createTemplates().parse({
      a: '{{ event.payload.region }}',
      b: ['{% if events.size > 1 %}{{ event.payload["a.b"] | default: vars.x }}{% endif %}', 'none'],
      c: '{{ event.payload[steps.a.key].deep }}',
    });
    if (!('template' in parsed)) throw new TypeError('problems');
    expect(parsed.template.reads).toEqual([
      ['/a', 'event.payload.region'],
      ['/b/0', 'events.size'],
      ['/b/0', 'event.payload["a.b"]'],
      ['/b/0', 'vars.x'],
      ['/c', 'steps.a.key'],
      ['/c', 'event.payload'],
    ]);
  });
});
