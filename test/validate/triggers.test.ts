import { describe, expect, test } from 'vitest';
import { onlyTrigger, reported, shown, validateText } from './validate-text.js';

const BASE = 'trigger_id: t\nevent_types: [x.y]\nworkflow_name: w\n';

test('a trigger with nothing but what it needs gets every default', () => {
  expect(onlyTrigger(BASE)).toEqual({
    trigger_id: 't',
    description: '',
    event_types: ['x.y'],
    filters: { kind: 'all', tests: [], pointer: '/filters' },
    group_by: [],
    condition: { kind: 'all', tests: [], pointer: '/condition' },
    memory: null,
    launches: [{ workflow_name: 'w', workflow_input: {}, pointer: '/workflow_name' }],
    cooldown: null,
    debounceMs: null,
    collect: null,
    once_per: [],
    max_executions: null,
    active: true,
    mode: 'launch',
    first_of: null,
    for_each: null,
    latenessMs: 5_000,
    max_groups: 100_000,
    allow_loop: false,
    tags: [],
    origin: { file: 'rules/test.yaml', document: 0, pointer: '' },
  });
});

test.each([
  ['cooldown: 30m', { cooldown: { forMs: 1_800_000, scope: 'group', trailing: false } }],
  [
    'cooldown: { for: 1m, trailing: true, scope: trigger }',
    { cooldown: { forMs: 60_000, scope: 'trigger', trailing: true } },
  ],
  ['debounce: 2m', { debounceMs: 120_000 }],
  ['collect: { for: 1h }', { collect: { forMs: 3_600_000, max: null, group_by: null } }],
  ['collect: { for: 1h, max: 5, group_by: [] }', { collect: { forMs: 3_600_000, max: 5, group_by: [] } }],
  ['max_executions: 5', { max_executions: { count: 5, perMs: null, scope: 'trigger' } }],
  ['max_executions: null', { max_executions: null }],
  [
    'max_executions: { count: 2, per: 1d, scope: group }',
    { max_executions: { count: 2, perMs: 86_400_000, scope: 'group' } },
  ],
  ['once_per: [payload.id]', { once_per: ['payload.id'] }],
  ['first_of: { set: s, rank: -1 }', { first_of: { set: 's', rank: -1 } }],
  ['lateness: 0s', { latenessMs: 0 }],
  ['mode: observe', { mode: 'observe' }],
  ['active: false', { active: false }],
  ['allow_loop: true', { allow_loop: true }],
  ['for_each: payload.list', { for_each: 'payload.list' }],
])('%s is read as %j', (control, expected) => {
  expect(onlyTrigger(`${BASE}${control}\n`)).toMatchObject(expected);
});

test('several launches keep their order and inputs', () => {
  const trigger = onlyTrigger(
    'trigger_id: t\nevent_types: [x.y]\nlaunches:\n  - { workflow_name: a, workflow_input: { n: 1 } }\n  - { workflow_name: b }\n',
  );
  expect(trigger.launches).toEqual([
    { workflow_name: 'a', workflow_input: { n: 1 }, pointer: '/launches/0/workflow_input' },
    { workflow_name: 'b', workflow_input: {}, pointer: '/launches/1' },
  ]);
});

describe('the classic form', () => {
  const classic = (condition: string, parameters: string): string =>
    `trigger_id: t\nworkflow_name: w\ncondition: ${condition}\nevent_types: [x.y]\nfilters: {}\nparameters: ${parameters}\nactive: true\nmax_executions: null\n`;

  test('of a threshold reads a missing field as 0', () => {
    const trigger = onlyTrigger(
      classic(
        'threshold_reached',
        '{ threshold_field: load, threshold_value: 50, workflow_input: { n: 2 } }',
      ),
    );
    expect(shown(trigger.condition)).toBe('payload.load absent 0 greater_than 50');
    expect(trigger.launches).toEqual([
      { workflow_name: 'w', workflow_input: { n: 2 }, pointer: '/parameters/workflow_input' },
    ]);
  });

  test('of a pattern reads a missing field as an empty text, and anything as its text', () => {
    const trigger = onlyTrigger(
      classic('pattern_matched', '{ pattern_field: error, pattern_regex: "time.?out" }'),
    );
    expect(shown(trigger.condition)).toBe('payload.error as text absent "" matches "time.?out"');
  });

  test('of an event that occurred needs no parameters', () => {
    const trigger = onlyTrigger(`${BASE}condition: event_occurred\n`);
    expect(trigger).toEqual({ ...onlyTrigger(BASE) });
  });

  test('of a schedule takes its settings from parameters, and an empty list of types', () => {
    const trigger = onlyTrigger(
      'trigger_id: t\nworkflow_name: w\ncondition: time_based\nevent_types: []\nparameters: { every: 1h, workflow_input: {} }\n',
    );
    expect(trigger.memory).toMatchObject({ kind: 'time_based', variant: 'schedule', listeners: [] });
  });

  test('of a sequence means what the modern form means', () => {
    const settings = '{ steps: [{ event_types: [a.b] }, { event_types: [c.d] }], within: 5m }';
    const modern = onlyTrigger(
      `trigger_id: t\nworkflow_name: w\ncondition: { event_sequence: ${settings} }\n`,
    );
    const old = onlyTrigger(
      `trigger_id: t\nworkflow_name: w\ncondition: event_sequence\nparameters: ${settings}\n`,
    );
    const bare = (memory: unknown): unknown =>
      JSON.parse(JSON.stringify(memory, (key, value: unknown) => (key === 'pointer' ? undefined : value)));
    expect(bare(old.memory)).toEqual(bare(modern.memory));
  });

  test('knows no parameter of another condition', () => {
    expect(reported(validateText(classic('event_occurred', '{ threshold_field: load }')))).toEqual([
      'unknown-key 6:15',
    ]);
  });

  test('refuses a filter that is no path of an event', () => {
    expect(
      reported(
        validateText(
          'trigger_id: t\nworkflow_name: w\ncondition: event_occurred\nevent_types: [x.y]\nfilters: { region: eu }\n',
        ),
      ),
    ).toEqual(['path-root 5:12']);
  });
});

describe('conditions are composed:', () => {
  const condition = (text: string): ReturnType<typeof onlyTrigger> =>
    onlyTrigger(`${BASE}condition: ${text}\n`);

  test.each([
    ['{ where: { payload.a: 1 } }', 'payload.a equal 1'],
    [
      '{ all: [{ where: { payload.a: 1 } }, { where: { payload.b: 2 } }] }',
      'all(payload.a equal 1, payload.b equal 2)',
    ],
    [
      '{ any: [{ where: { payload.a: 1 } }, { pattern_matched: { field: payload.b, regex: "x.y" } }] }',
      'any(payload.a equal 1, payload.b matches "x.y")',
    ],
    [
      '{ none: [{ where: { payload.a: 1, payload.b: 2 } }] }',
      'not(any(all(payload.a equal 1, payload.b equal 2)))',
    ],
    [
      '{ all: [{ any: [{ where: { payload.a: 1 } }, { event_occurred: {} }] }] }',
      'any(payload.a equal 1, all())',
    ],
  ])('%s asks %s of an event and remembers nothing', (text, expected) => {
    const trigger = condition(text);
    expect(shown(trigger.condition)).toBe(expected);
    expect(trigger.memory).toBeNull();
  });

  test('what remembers stands beside tests of the completing event', () => {
    const trigger = condition(
      '{ all: [{ where: { payload.a: 1 } }, { value_changed: { field: payload.b } }, { all: [{ where: { payload.c: 2 } }] }] }',
    );
    expect(trigger.condition).toEqual({ kind: 'all', tests: [], pointer: '/condition' });
    expect(trigger.memory).toMatchObject({ kind: 'value_changed', variant: 'change' });
    expect(shown(trigger.memory?.completion as never)).toBe('all(payload.a equal 1, payload.c equal 2)');
  });

  test.each([
    ['{ any: [{ value_changed: { field: payload.b } }] }', 'condition-combination 4:22'],
    ['{ none: [{ value_changed: { field: payload.b } }] }', 'condition-combination 4:23'],
    ['{ all: [{ any: [{ value_changed: { field: payload.b } }] }] }', 'condition-combination 4:30'],
    ['{ where: { payload.a: 1 }, all: [] }', 'wrong-value 4:12'],
    ['{}', 'wrong-value 4:12'],
    ['[event_occurred]', 'wrong-type 4:12'],
    ['{ all: [event_occurred] }', 'wrong-type 4:20'],
  ])('%s is refused', (text, fault) => {
    expect(reported(validateText(`${BASE}condition: ${text}\n`))).toContain(fault);
  });
});

describe('what the condition needs of event_types:', () => {
  const rest = 'trigger_id: t\nworkflow_name: w\n';
  test.each([
    ['condition: { where: { payload.a: 1 } }', ['missing-key 1:1']],
    ['event_types: []', ['missing-key 3:1']],
    [
      'condition: { event_sequence: { steps: [{ event_types: [a.b] }, { event_types: [c.d] }], within: 5m } }',
      [],
    ],
    [
      'condition: { event_sequence: { steps: [{ event_types: [a.b] }, { event_types: [c.d] }], within: 5m, unless: { filters: { payload.a: 1 } } } }',
      [],
    ],
    ['condition: { time_based: { every: 1h } }', []],
    ['condition: { time_based: { no_event_for: 1h } }', ['missing-key 1:1']],
    ['condition: { time_based: { every: 1h } }\nevent_types: [a.b]', ['condition-combination 4:1']],
  ])('%s', (text, expected) => {
    expect(reported(validateText(`${rest}${text}\n`))).toEqual(expected);
  });
});

test('one fault in a trigger hides none elsewhere in it, and nothing that follows from it is reported', () => {
  const text = `triggers:
  - trigger_id: t
    event_type: [x.y]
    filters: { payload.a: { eqal: 1 }, b: 2 }
    cooldown: { fro: 5m }
    workflow_name: nowhere
    workflow_input: { a: "{{ vars.x }}" }
workflows:
  w: { executor: log }
tests:
  - { name: about it, triggers: [t], events: [], expect: [{ workflow_name: nowhere }] }
`;
  expect([...reported(validateText(text))].sort()).toEqual([
    'path-root 4:40',
    'unknown-key 3:5',
    'unknown-key 4:29',
    'unknown-key 5:17',
    'unknown-variable 7:26',
    'unknown-workflow 6:20',
    'unused-workflow 9:3',
  ]);
});

test('what is wrong stays out of the source, what is sound stays in', () => {
  const { source } = validateText(`triggers:
  - { trigger_id: good, event_types: [x.y], workflow_name: w }
  - { trigger_id: bad, event_types: [x.y], workflow_name: w, cooldown: 0s }
  - { trigger_id: good, event_types: [x.z], workflow_name: w }
workflows:
  w: { executor: log }
  broken: { executor: http }
`);
  expect(source.triggers.map(({ event_types }) => event_types)).toEqual([['x.y']]);
  expect(source.workflows.map(({ workflow_name }) => workflow_name)).toEqual(['w']);
});

test('a folder that defines no workflows may name any, and one warning says so', () => {
  const { diagnostics } = validateText(BASE);
  expect(diagnostics).toEqual([
    expect.objectContaining({ code: 'no-workflows', severity: 'warning', file: 'rules', line: 0 }),
  ]);
});

test('a document with very many faults names a hundred and counts the rest', () => {
  const types = Array.from({ length: 151 }, (_, n) => n).join(', ');
  const { diagnostics } = validateText(`trigger_id: t
workflow_name: w
event_types: [${types}]
`);
  const faults = diagnostics.filter(({ code }) => code === 'wrong-type');
  expect(faults).toHaveLength(100);
  expect(faults.at(-1)?.hint).toMatch(/51 more problems of this document are not shown$/);
});
