import type { ConditionKind, JsonSchema } from '../../ports/condition-kind.js';
import type { ExecutorKind } from '../../ports/executor-kind.js';
import { NAME_PATTERN, VARIABLE_PATTERN } from './common.js';
import { conditionDefinitions } from './condition.js';
import { fieldTestSchema, fieldTestsSchema, hoursSchema } from './field-tests.js';
import { ruleTestSchema } from './rule-test.js';
import { triggerSchema } from './trigger.js';
import { executorDefinitions, workflowSchema } from './workflow.js';

/** What a document may hold at its top, beside the keys of a single trigger. */
export const DOCUMENT_KEYS = ['triggers', 'workflows', 'variables', 'tests'] as const;

export const RULE_FILE_ID = 'urn:triggerd:rule-file';

const collectionSchema: JsonSchema = {
  title: 'rules',
  description: 'Triggers, workflows, variables and rule tests.',
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    triggers: {
      title: 'triggers',
      description: 'A list of triggers.',
      type: 'array',
      items: { $ref: '#/$defs/trigger' },
      examples: [[{ trigger_id: 'paid', event_types: ['order.paid'], workflow_name: 'ship' }]],
    },
    workflows: {
      title: 'workflows',
      description: 'Workflow name to how it is launched.',
      type: 'object',
      propertyNames: { pattern: NAME_PATTERN },
      additionalProperties: { $ref: '#/$defs/workflow' },
      examples: [{ ship: { executor: 'log' } }],
    },
    variables: {
      title: 'variables',
      description:
        'Name to value, or to { env: NAME, default: V } for a value that differs per environment. Tests read it as { var: name }, templates as vars.name.',
      type: 'object',
      propertyNames: { pattern: VARIABLE_PATTERN },
      examples: [{ max_load: 50, region: { env: 'REGION', default: 'eu' } }],
    },
    tests: {
      title: 'tests',
      description: 'A list of rule tests.',
      type: 'array',
      items: { $ref: '#/$defs/ruleTest' },
      examples: [[{ name: 'nothing happens', events: [], expect: [] }]],
    },
  },
  examples: [
    {
      triggers: [{ trigger_id: 'paid', event_types: ['order.paid'], workflow_name: 'ship' }],
      workflows: { ship: { executor: 'log' } },
    },
  ],
};

/** The JSON Schema of a rule file's documents, made of what the plug-ins say of themselves. */
export function ruleFileSchema(
  conditions: readonly ConditionKind[],
  executors: readonly ExecutorKind[],
): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: RULE_FILE_ID,
    title: 'triggerd rule file',
    description:
      'One YAML document of a rule folder: triggers, workflows, variables and tests, or a single trigger.',
    type: 'object',
    if: { type: 'object', required: ['trigger_id'], properties: { trigger_id: true } },
    then: { $ref: '#/$defs/trigger' },
    else: { $ref: '#/$defs/rules' },
    $defs: {
      rules: collectionSchema,
      trigger: triggerSchema(conditions),
      workflow: workflowSchema(executors),
      ruleTest: ruleTestSchema,
      fieldTests: fieldTestsSchema,
      fieldTest: fieldTestSchema,
      hours: hoursSchema,
      ...conditionDefinitions(conditions),
      ...executorDefinitions(executors),
    },
  };
}
