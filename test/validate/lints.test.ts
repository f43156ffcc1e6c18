import { describe, expect, test } from 'vitest';
import { lintAgainstSamples } from '../../src/validate/lints/against-samples.js';
import { observeFields } from '../../src/validate/lints/field-observations.js';
import { event } from '../support/rules.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { faultsOf, validateText } from './validate-text.js';

describe('never-matches', () => {
  test.each([
    '{ payload.a: 1, all: [{ payload.a: 2 }] }',
    '{ payload.a: [1, 2], all: [{ payload.a: [3, 4] }] }',
    '{ payload.a: { greater_than: 5, at_most: 5 } }',
    '{ payload.a: { at_least: 2026-01-02T00:00:00Z, less_than: 2026-01-01T00:00:00Z } }',
    '{ payload.a: { equal: 5, type: string } }',
    '{ payload.a: { equal: 5, not_in: [5, 6] } }',
    '{ payload.a: { equal: abc, starts_with: x } }',
    '{ payload.a: { equal: abc, matches: "^x.*y" } }',
    '{ payload.a: { type: number, matches: "^x.*y" } }',
    '{ payload.a: { exists: false, equal: 1 } }',
    '{ payload.a: { size: { at_least: 3, less_than: 3 } } }',
    '{ payload.a: { some: { b: 1, all: [{ b: 2 }] } } }',
    '{ payload.a: [] }',
    '{ priority: { at_least: high, less_than: normal } }',
    '{ retryable: "true" }',
    '{ source.name: x }',
    '{ any: [{ payload.a: [] }, { user_id: 5 }] }',
    '{ event_type: other.type }',
  ])('warns of %s', (filters) => {
    const faults = faultsOf(filters);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^never-matches no event can match: /);
  });

  test.each([
    '{ payload.a: [1, 2], all: [{ payload.a: [2, 3] }] }',
    '{ payload.a: { at_least: 5, at_most: 5 } }',
    '{ payload.a: { equal: ABC, ignore_case: true }, all: [{ payload.a: abc }] }',
    '{ payload.a: { equal: 5, as: number }, all: [{ payload.a: "5" }] }',
    '{ payload.a: { exists: false } }',
    '{ payload.a: { every: { b: [] } } }',
    '{ none: [{ payload.a: [] }] }',
    '{ any: [{ payload.a: 1 }, { payload.a: 2 }] }',
    '{ payload.a: { type: [string, number], at_least: 5 } }',
    '{ target: null }',
    '{ payload: { size: 0 } }',
    '{ priority: { at_least: high, at_most: critical } }',
    '{ event_type: x.y }',
    '{ payload.a: 1, payload.b: 2 }',
  ])('is content with %s', (filters) => {
    expect(faultsOf(filters)).toEqual([]);
  });
});

test.each([
  ['^open$', 'regex-plain'],
  ['open', 'regex-plain'],
  ['\\.pem$', 'regex-plain'],
  ['^a|b$', 'regex-unanchored'],
  ['a|b$', 'regex-unanchored'],
  ['^a|^b', null],
  ['^(a|b)$', null],
  ['a|b', null],
  ['[|^]x$', null],
  ['\\Qa|b\\E$', null],
  ['a\\d', null],
  ['a\\|b$', 'regex-plain'],
  ['', null],
])('of the regular expression %j is said: %s', (pattern, code) => {
  const codes = faultsOf(JSON.stringify({ 'payload.a': { matches: pattern } })).map(
    (fault) => fault.split(' ')[0],
  );
  expect(codes).toEqual(code === null ? [] : [code]);
});

test.each([
  ['{ payload.count: "5" }', true],
  ['{ payload.size_bytes: { not_equal: "5" } }', true],
  ['{ payload.zip: "80331" }', false],
  ['{ payload.count: "05" }', false],
  ['{ payload.count: { equal: "5", as: string } }', false],
  ['{ payload.a: "5", any: [{ payload.a: { at_least: 3 } }, { payload.b: 1 }] }', true],
])('%s is a numeric text where a number is usual: %s', (filters, warned) => {
  expect(faultsOf(filters).some((fault) => fault.startsWith('numeric-string'))).toBe(warned);
});

describe('cycle', () => {
  const cycles = (text: string): readonly string[] =>
    validateText(text)
      .diagnostics.filter(({ code }) => code === 'cycle')
      .map(({ message }) => message);
  const failing = (more: string): string =>
    `triggers: [{ trigger_id: t, event_types: [workflow.failed], workflow_name: w, ${more} }]\nworkflows: { w: { executor: log } }\n`;

  test.each([
    ['tags: []', true],
    ['filters: { payload.workflow_name: w }', true],
    ['filters: { payload.workflow_name: other }', false],
    ['filters: { payload.workflow_name: { not_equal: w } }', false],
    ['filters: { none: [{ payload.workflow_name: [w, x] }] }', false],
    ['filters: { payload.region: eu }', false],
    ['filters: { payload.region: { exists: false } }', true],
    ['filters: { priority: high }', false],
    ['filters: { payload.error: { matches: "time.?out" } }', true],
    ['group_by: [payload.region]', false],
    ['group_by: [payload.workflow_name]', true],
    ['active: false', false],
    ['allow_loop: true', false],
    ['mode: observe', false],
    ['condition: { threshold_reached: { aggregate: count, at_least: 5, within: 1m } }', true],
  ])('a trigger on workflow.failed with %s sets itself off: %s', (more, expected) => {
    expect(cycles(failing(more))).toHaveLength(expected ? 1 : 0);
  });

  test('an event that only cancels sets nothing off', () => {
    expect(
      cycles(`triggers:
  - trigger_id: t
    event_types: [x.y]
    condition: { time_based: { after: 5m, unless: { event_types: [workflow.completed] } } }
    workflow_name: w
workflows: { w: { executor: log } }
`),
    ).toEqual([]);
  });

  test('what emit publishes is followed, its own fields known', () => {
    const text = (filters: string): string => `triggers:
  - { trigger_id: a, event_types: [ball.ping], workflow_name: emit-pong, filters: ${filters} }
  - { trigger_id: b, event_types: [ball.pong], workflow_name: emit-ping }
workflows:
  emit-ping: { executor: emit, with: { event_type: ball.ping, payload: { hits: 1, by: "{{ input.x }}" } } }
  emit-pong: { executor: emit, with: { event_type: ball.pong } }
`;
    expect(cycles(text('{}'))).toHaveLength(2);
    expect(cycles(text('{ payload.by: me }'))).toHaveLength(2);
    expect(cycles(text('{ payload.hits: 2 }'))).toEqual([]);
    expect(cycles(text('{ payload.missing: { exists: true } }'))).toEqual([]);
  });
});

describe('against sample events', () => {
  const lint = (trigger: string, ...payloads: readonly JsonObject[]): readonly string[] => {
    const { source, documents } = validateText(
      `trigger_id: t\nevent_types: [x.y]\nworkflow_name: w\n${trigger}\n`,
    );
    expect(source.triggers).toHaveLength(1);
    const seen = observeFields();
    payloads.forEach((payload, n) => seen.see(event({ event_id: `e${n}`, event_type: 'x.y', payload })));
    return lintAgainstSamples(source, seen, documents).map(({ code, hint }) => `${code} ${hint}`);
  };
  const order = {
    region: 'eu',
    amount: '5',
    items: [
      { sku: 'a', tags: [] },
      { sku: 'b', price: 2 },
    ],
  };

  test.each([
    ['filters: { payload.regoin: eu }', ['field-never-seen did you mean region instead of regoin?']],
    ['filters: { payload.region: { exists: false } }', []],
    ['filters: { payload.nothing: { exists: false } }', []],
    [
      'filters: { none: [{ payload.nothing: 1 }] }',
      [expect.stringMatching(/^field-never-seen payload has region/)],
    ],
    [
      'filters: { payload.amount: { at_least: 3 } }',
      [expect.stringMatching(/^field-other-type add as: number/)],
    ],
    ['filters: { payload.amount: { at_least: 3, as: number } }', []],
    ['filters: { payload.items: { some: { sku: a, price: { at_least: 1 } } } }', []],
    [
      'filters: { payload.items: { some: { skuu: a } } }',
      ['field-never-seen did you mean sku instead of skuu?'],
    ],
    ['filters: { "payload.items[0].sku": a, payload.items.1.price: 2 }', []],
    [
      'filters: { payload.items: { matches: "x.y" } }',
      [expect.stringMatching(/^field-other-type test its elements/)],
    ],
    ['filters: { payload.region: [1, eu] }', []],
    ['group_by: [payload.shop]', [expect.stringMatching(/^field-never-seen/)]],
    ['for_each: payload.items\nfilters: { item.sku: a }', []],
    ['for_each: payload.items\nfilters: { item.price.x: a }', [expect.stringMatching(/^field-never-seen/)]],
    ['filters: { user_id: maren }', [expect.stringMatching(/^field-other-type/)]],
  ])('%s: %j', (trigger, expected) => {
    expect(lint(trigger, order)).toEqual(expected);
  });

  test('a field that one of the events has is not never seen', () => {
    expect(lint('filters: { payload.b: 1 }', { a: 1 }, { b: 1 })).toEqual([]);
  });

  test('nothing is said of a trigger of whose types there is no sample, nor past what is kept', () => {
    expect(lint('filters: { payload.b: 1 }')).toEqual([]);
    const many = Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`k${n}`, n]));
    expect(lint('filters: { payload.b: 1 }', many)).toEqual([]);
  });
});
