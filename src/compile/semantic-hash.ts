import { sha256 } from '../kernel/hash.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import type { FieldTest, Operand, Test } from '../model/test.js';
import type { RuleSource, Trigger, Workflow } from '../model/trigger.js';

/**
 * Hash of what decides whether a trigger's condition comes true: type, filters, group_by and condition (with the element
 * it is asked of). Where it stands, what it launches and how often do not count, nor does the order of tests.
 */
export function conditionHash(trigger: Trigger): string {
  const { memory } = trigger;
  const parts = [
    typesText(trigger.event_types),
    testText(trigger.filters),
    JSON.stringify(trigger.group_by),
    testText(trigger.condition),
  ];
  if (trigger.for_each !== null) parts.push(JSON.stringify({ for_each: trigger.for_each }));
  if (memory !== null) {
    parts.push(JSON.stringify([memory.kind, memory.variant]), canonicalJson(memory.settings));
    for (const { role, event_types, test, group_by } of memory.listeners)
      parts.push(JSON.stringify([role, group_by]), typesText(event_types), testText(test));
    parts.push(testText(memory.completion));
  }
  return sha256(parts.join('\n')).slice(0, 16);
}

/** Hash of everything that decides and everything a launch is made of: two equal hashes decide alike. */
export function rulesetHash(source: RuleSource, conditionHashes: readonly string[]): string {
  const parts = source.triggers.map((trigger, i) => `${conditionHashes[i]} ${controlsText(trigger)}`);
  const workflows = source.workflows.map((workflow) => canonicalJson(workflowJson(workflow))).sort();
  return sha256([...parts, '', ...workflows, '', canonicalJson(source.variables)].join('\n')).slice(0, 16);
}

function controlsText(trigger: Trigger): string {
  const { launches, cooldown, debounceMs, collect, once_per, max_executions, first_of } = trigger;
  return canonicalJson({
    trigger_id: trigger.trigger_id,
    launches: launches.map(({ workflow_name, workflow_input }) => ({ workflow_name, workflow_input })),
    cooldown: cooldown === null ? null : { ...cooldown },
    debounceMs,
    collect: collect === null ? null : { ...collect },
    once_per,
    max_executions: max_executions === null ? null : { ...max_executions },
    active: trigger.active,
    mode: trigger.mode,
    first_of: first_of === null ? null : { ...first_of },
    latenessMs: trigger.latenessMs,
    max_groups: trigger.max_groups,
    allow_loop: trigger.allow_loop,
  });
}

function workflowJson(workflow: Workflow): Json {
  const { retry, concurrency } = workflow;
  return {
    workflow_name: workflow.workflow_name,
    executor: workflow.executor,
    with: workflow.with,
    timeoutMs: workflow.timeoutMs,
    retry: retry === null ? null : { ...retry },
    concurrency: concurrency === null ? null : { ...concurrency },
  };
}

function typesText(types: readonly string[]): string {
  return types.length < 2 ? JSON.stringify(types) : JSON.stringify([...types].sort());
}

/** One text per meaning: without pointers, members of `all` and `any` in one order. */
function testText(test: Test): string {
  switch (test.kind) {
    case 'all':
    case 'any':
      return `${test.kind}(${test.tests.map(testText).sort().join(',')})`;
    case 'not':
      return `not(${testText(test.test)})`;
    case 'field':
      return fieldText(test);
  }
}

function fieldText({ reading, operator, operand, ignoreCase }: FieldTest): string {
  const absent = reading.absent === undefined ? '' : ` absent ${canonicalJson(reading.absent)}`;
  const modifiers = `${reading.as === undefined ? '' : ` as ${reading.as}`}${ignoreCase ? ' ignore_case' : ''}`;
  return `${JSON.stringify(reading.path)}${absent} ${operator}${modifiers} ${operandText(operand)}`;
}

function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'literal':
      return canonicalJson(operand.value);
    case 'field':
      return `field ${JSON.stringify(operand.path)}`;
    case 'hours':
      return `hours ${canonicalJson({ ...operand.hours })}`;
    case 'durationMs':
      return `ms ${operand.durationMs}`;
    case 'test':
      return `test ${testText(operand.test)}`;
  }
}
