import type { FieldTest, Operand, Operator, Test } from '../../src/model/test.js';
import type { RuleSource, Trigger, Workflow } from '../../src/model/trigger.js';
import type { Json } from '../../src/kernel/json.js';

/** A test that always holds: what no filters and no condition become. */
export const ALWAYS: Test = { kind: 'all', tests: [], pointer: '' };

/** A trigger after normalisation: what is not given is as the language defaults it. */
export function makeTrigger(fields: Partial<Trigger> = {}): Trigger {
  const trigger_id = fields.trigger_id ?? 'trigger';
  return {
    trigger_id,
    description: '',
    event_types: ['custom.event'],
    filters: ALWAYS,
    group_by: [],
    condition: ALWAYS,
    memory: null,
    launches: [{ workflow_name: 'note', workflow_input: {}, pointer: '/triggers/0/workflow_name' }],
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
    origin: { file: 'rules/test.yaml', document: 0, pointer: '/triggers/0' },
    ...fields,
  };
}

/** A workflow that only logs. */
export function makeWorkflow(fields: Partial<Workflow> = {}): Workflow {
  return {
    workflow_name: 'note',
    description: '',
    executor: 'log',
    with: { message: 'noted' },
    timeoutMs: 30_000,
    retry: null,
    concurrency: null,
    origin: { file: 'rules/test.yaml', document: 0, pointer: '/workflows/note' },
    ...fields,
  };
}

/** A rule folder of these triggers and one workflow. */
export function makeSource(triggers: readonly Trigger[], fields: Partial<RuleSource> = {}): RuleSource {
  return { triggers, workflows: [makeWorkflow()], tests: [], variables: {}, ...fields };
}

/** One field test against a literal (or another operand), pointing at `/path/operator` unless told otherwise. */
export function fieldTest(
  path: string,
  operator: Operator,
  value: Json,
  fields: Partial<Omit<FieldTest, 'kind' | 'operator'>> = {},
): FieldTest {
  const operand: Operand = { kind: 'literal', value };
  const pointer = `/filters/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${operator}`;
  return { kind: 'field', reading: { path }, operator, operand, ignoreCase: false, pointer, ...fields };
}

export function allOf(...tests: readonly Test[]): Test {
  return { kind: 'all', tests, pointer: '/filters/all' };
}

export function anyOf(...tests: readonly Test[]): Test {
  return { kind: 'any', tests, pointer: '/filters/any' };
}

export function not(test: Test): Test {
  return { kind: 'not', test, pointer: '/filters/not' };
}
