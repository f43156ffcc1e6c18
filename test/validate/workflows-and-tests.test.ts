import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.js';
import { reported, validateText } from './validate-text.js';

test('a workflow gets its defaults, and leaves retries to the event', () => {
  const { source } = validateText('workflows: { w: { executor: log } }\n');
  expect(source.workflows).toEqual([
    {
      workflow_name: 'w',
      description: '',
      executor: 'log',
      with: {},
      timeoutMs: 30_000,
      retry: null,
      concurrency: null,
      origin: { file: 'rules/test.yaml', document: 0, pointer: '/workflows/w' },
    },
  ]);
});

test.each([
  [
    'retry: { attempts: 1 }',
    { retry: { attempts: 1, initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: true } },
  ],
  [
    'retry: { initial: 10m }',
    { retry: { attempts: 4, initialMs: 600_000, factor: 2, maxMs: 600_000, jitter: true } },
  ],
  ['retry: null', { retry: null }],
  ['timeout: 2m', { timeoutMs: 120_000 }],
  ['concurrency: { limit: 2 }', { concurrency: { limit: 2, key: null, when_full: 'queue' } }],
  [
    'concurrency: { limit: 1, key: "{{ input.region }}", when_full: skip }',
    { concurrency: { limit: 1, key: '{{ input.region }}', when_full: 'skip' } },
  ],
])('%s is read as %j', (text, expected) => {
  const { source } = validateText(`workflows:\n  w:\n    executor: log\n    ${text}\n`);
  expect(source.workflows[0]).toMatchObject(expected);
});

test('secrets stay references', () => {
  const { source } = validateText(
    'workflows:\n  w:\n    executor: http\n    with: { url: { secret: { env: URL }, prefix: "https://" } }\n',
    { environment: { URL: 'hidden' } },
  );
  expect(source.workflows[0]?.with).toEqual({ url: { secret: { env: 'URL' }, prefix: 'https://' } });
  expect(JSON.stringify(source)).not.toContain('hidden');
});

test.each<[string, string, Record<string, string>, JsonObject, unknown]>([
  ['a value', 'eu', {}, {}, 'eu'],
  ['a list', '[1, 2]', {}, {}, [1, 2]],
  ['a map that is none of the environment', '{ a: 1 }', {}, {}, { a: 1 }],
  ['the environment', '{ env: E }', { E: '5' }, {}, '5'],
  ['the default', '{ env: E, default: 7 }', {}, {}, 7],
  ['the environment as a number, as the default is one', '{ env: E, default: 7 }', { E: '5' }, {}, 5],
  ['the environment as true or false', '{ env: E, default: false }', { E: 'true' }, {}, true],
  ['the environment as a list', '{ env: E, default: [] }', { E: '["a"]' }, {}, ['a']],
  ['what replaces it', '{ env: E }', {}, { v: 9 }, 9],
])('a variable is read from %s', (_name, text, environment, variables, expected) => {
  const { source, diagnostics } = validateText(`variables: { v: ${text} }\n`, { environment, variables });
  expect(diagnostics).toEqual([]);
  expect(source.variables).toEqual({ v: expected });
});

test.each([
  ['{ env: E }', {}, 'variable-unset 1:17'],
  ['{ env: E, default: 7 }', { E: 'seven' }, 'wrong-type 1:24'],
  ['{ env: E, defualt: 7 }', { E: '1' }, 'unknown-key 1:27'],
  ['{ env: 5 }', {}, 'wrong-type 1:24'],
])('the variable %s with %j is refused', (text, environment, expected) => {
  expect(reported(validateText(`variables: { v: ${text} }\n`, { environment }))).toEqual([expected]);
});

test('a variable that is not set is one fault, not one at each test that reads it', () => {
  const text =
    'variables: { v: { env: E } }\ntriggers:\n  - { trigger_id: t, event_types: [x.y], workflow_name: w, filters: { payload.a: { at_least: { var: v } } }, workflow_input: { v: "{{ vars.v }}" } }\n';
  expect(reported(validateText(text))).toEqual(['variable-unset 1:17']);
});

test('a rule test is read with its times in milliseconds and its events as written', () => {
  const { source, diagnostics } =
    validateText(`triggers: [{ trigger_id: t, event_types: [x.y], workflow_name: w }]
tests:
  - name: one
    triggers: [t]
    start: 2026-01-01T00:00:00Z
    until: 10m
    events:
      - { event_type: x.y, payload: { n: 1 } }
      - { at: 10s, repeat: { times: 4, every: 1s }, event_type: x.y }
    expect: [{ at: 13s, trigger_id: t, workflow_name: w, input: { n: 1 } }, {}]
    suppressed: [{ at: 64s, gate: cooldown }]
`);
  expect(diagnostics.map(({ code }) => code)).toEqual(['no-workflows']);
  expect(source.tests).toEqual([
    {
      name: 'one',
      triggers: ['t'],
      startMs: Date.UTC(2026, 0, 1),
      variables: {},
      events: [
        {
          atMs: 0,
          repeat: null,
          event: { event_type: 'x.y', payload: { n: 1 } },
          pointer: '/tests/0/events/0',
        },
        {
          atMs: 10_000,
          repeat: { times: 4, everyMs: 1_000 },
          event: { event_type: 'x.y' },
          pointer: '/tests/0/events/1',
        },
      ],
      untilMs: 600_000,
      expect: [
        {
          atMs: 13_000,
          trigger_id: 't',
          workflow_name: 'w',
          mode: null,
          group: null,
          input: { n: 1 },
          pointer: '/tests/0/expect/0',
        },
        {
          atMs: null,
          trigger_id: null,
          workflow_name: null,
          mode: null,
          group: null,
          input: null,
          pointer: '/tests/0/expect/1',
        },
      ],
      suppressed: [{ atMs: 64_000, trigger_id: null, gate: 'cooldown', pointer: '/tests/0/suppressed/0' }],
      origin: { file: 'rules/test.yaml', document: 0, pointer: '/tests/0' },
    },
  ]);
});

test.each([
  ['until: 5s', 'wrong-value 8:12'],
  ['start: 2026-01-01', 'wrong-value 8:12'],
  ['suppressed: [{ gate: coldown }]', 'wrong-value 8:26'],
  ['triggers: [t, v]', 'unknown-trigger 8:19'],
  ['variables: { v: 1 }', 'unknown-variable 8:18'],
])('a rule test with %s is refused', (line, expected) => {
  const { diagnostics } = validateText(`triggers:
  - { trigger_id: t, event_types: [x.y], workflow_name: w }
tests:
  - name: one
    events:
      - { at: 10s, event_type: x.y }
    expect: []
    ${line}
`);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map((error) => `${error.code} ${error.line}:${error.column}`)).toEqual([expected]);
});

test('a rule test cannot expect a launch of a trigger it is not about', () => {
  const text = `triggers:
  - { trigger_id: t, event_types: [x.y], workflow_name: w }
  - { trigger_id: u, event_types: [x.z], workflow_name: w }
tests:
  - { name: one, triggers: [t], events: [], expect: [{ trigger_id: u }] }
`;
  expect(reported(validateText(text))).toEqual(['wrong-value 5:68']);
});
