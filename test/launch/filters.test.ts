import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/kernel/json.js';
import { EXAMPLE_PAYLOAD, templateFilters } from '../../src/launch/filters.js';
import { render } from './scope.js';

describe('every filter', () => {
  test.each(templateFilters.map((filter) => [filter.name, filter] as const))(
    '%s does what its example says',
    (_name, filter) => {
      const { template, gives } = filter.example;
      expect(template).toContain(`| ${filter.name}`);
      expect(render(template, EXAMPLE_PAYLOAD)).toEqual({ value: gives, warnings: [] });
    },
  );

  test('has a name of its own and one sentence that sums it up', () => {
    const names = templateFilters.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { summary } of templateFilters) expect(summary).toMatch(/^[A-Z(].*\.$/);
  });

  test('gives JSON or a warning, whatever it is given', () => {
    // Through JSON once: it has no negative zero.
    const value = fc.jsonValue().map((any) => JSON.parse(JSON.stringify(any)) as Json);
    fc.assert(
      fc.property(
        fc.constantFrom(...templateFilters),
        value,
        value,
        value,
        (filter, input, first, second) => {
          const args = ['event.payload.first', 'event.payload.second'].slice(0, filter.takes[1]).join(', ');
          const template = `{{ event.payload.input | ${filter.name}${args === '' ? '' : `: ${args}`} }}`;
          const rendered = render(template, { input, first, second });
          expect(rendered.value).not.toBeUndefined();
          expect(JSON.parse(JSON.stringify(rendered.value))).toEqual(rendered.value);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('where both have a filter, it does what the stock filter of the engine does', () => {
  const stock = new Liquid();
  const stockValue = (template: string, payload: unknown): unknown =>
    stock.evalValueSync(template, { event: { payload } });

  test.each([
    'upcase',
    'downcase',
    'capitalize',
    'strip',
    'lstrip',
    'rstrip',
    'append: event.payload.b',
    'prepend: event.payload.b',
    'replace: event.payload.b, event.payload.c',
    'replace_first: event.payload.b, event.payload.c',
    'remove: event.payload.b',
    'remove_first: event.payload.b',
    'escape',
    'base64_encode',
    'size',
  ])('texts: %s', (filter) => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', 'c', ' ', '-', '<', 'é'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        fc.pre(b !== '');
        const template = `event.payload.a | ${filter}`;
        expect(render(`{{ ${template} }}`, { a, b, c }).value).toEqual(stockValue(template, { a, b, c }));
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    'plus: event.payload.b',
    'minus: event.payload.b',
    'times: event.payload.b',
    'at_least: event.payload.b',
    'at_most: event.payload.b',
    'divided_by: event.payload.b',
    'modulo: event.payload.b',
    'abs',
    'ceil',
    'floor',
    'round',
    'round: 2',
  ])('numbers: %s', (filter) => {
    const number = fc.oneof(
      fc.integer({ min: -1_000, max: 1_000 }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(number, number, (a, b) => {
        fc.pre(b !== 0);
        const template = `event.payload.a | ${filter}`;
        const expected = stockValue(template, { a, b });
        fc.pre(Number.isFinite(expected));
        expect(render(`{{ ${template} }}`, { a, b }).value).toEqual(expected === 0 ? 0 : expected);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    'join: "-"',
    'reverse',
    'uniq',
    'sort',
    'first',
    'last',
    'concat: event.payload.b',
    'slice: 1, 2',
    'size',
    'sum',
  ])('lists: %s', (filter) => {
    const list = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(list, list, (a, b) => {
        const template = `event.payload.a | ${filter}`;
        expect(render(`{{ ${template} }}`, { a, b }).value).toEqual(stockValue(template, { a, b }));
      }),
      { numRuns: 100 },
    );
  });
});

describe('edges', () => {
  test.each<[string, Json]>([
    ['{{ "" | split: "," }}', []],
    ['{{ "a😀" | split: "" }}', ['a', '😀']],
    ['{{ "a😀b" | slice: -2, 2 }}', '😀b'],
    ['{{ "a😀b" | truncate: 2 }}', 'a…'],
    ['{{ "a😀" | truncate: 2 }}', 'a😀'],
    ['{{ "abcdef" | truncate: 3, "" }}', 'abc'],
    ['{{ "abc" | slice: 7 }}', ''],
    ['{{ "abc" | slice: -9, 3 }}', ''],
    ['{{ "$&" | replace: "$&", "$1$&" }}', '$1$&'],
    ['{{ "aXb" | replace_first: "X", "$&$&" }}', 'a$&$&b'],
    ['{{ "ab" | replace: "", "-" }}', '-a-b-'],
    ['{{ "1.5" | plus: "2" }}', 3.5],
    ['{{ " 7 " | plus: 0 }}', 7],
    ['{{ 0 | times: -1 | json }}', '0'],
    ['{{ -2.5 | round }}', -3],
    ['{{ 25 | round: -1 }}', 30],
    ['{{ 7 | modulo: -3 }}', -2],
    ['{{ event.payload.mixed | sort | json }}', '[1,10,"a",{"x":1},null]'],
    ['{{ event.payload.mixed | compact | size }}', 4],
    ['{{ event.payload.mixed | map: "x" }}', [null, null, null, 1, null]],
    ['{{ event.payload.mixed | where: "x" | size }}', 1],
    ['{{ event.payload.mixed | where: "constructor" | size }}', 0],
    ['{{ event.payload.mixed | map: "__proto__" | compact }}', []],
    ['{{ event.payload.same | uniq }}', [{ a: 1, b: 2 }]],
    ['{{ nil | json }}', 'null'],
    ['{{ "2026-01-31T12:00:00+02:00" | date: "%FT%TZ" }}', '2026-01-31T10:00:00Z'],
    ['{{ 0 | date: "%F %T" }}', '1970-01-01 00:00:00'],
    ['{{ 1.5 | date: "%s.%L" }}', '1.500'],
    ['{{ "a+b%20c" | url_decode }}', 'a b c'],
  ])('%s', (template, expected) => {
    const payload = {
      mixed: [10, 'a', 1, { x: 1 }, null],
      same: [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    };
    expect(render(template, payload)).toEqual({ value: expected, warnings: [] });
  });

  test('half a surrogate pair is URL-encoded as the replacement character', () => {
    expect(render('{{ event.payload.a | url_encode }}', { a: 'x\ud800' }).value).toBe('x%EF%BF%BD');
  });

  test.each(['now', 'today', '2026-01-31', '2026-01-31T12:00:00', ''])(
    '%j is no time: it lacks its zone',
    (at) => {
      expect(render('{{ event.payload.at | date: "%F" }}', { at }).value).toBeNull();
    },
  );
});
