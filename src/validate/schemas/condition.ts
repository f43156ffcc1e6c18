import type { ConditionKind, JsonSchema } from '../../ports/condition-kind.js';

/** Keys that compose conditions. */
export const COMPOSITIONS = {
  all: 'Every one of these holds: any number of conditions of one event, and at most one that remembers.',
  any: 'At least one of these holds; conditions of one event only.',
  none: 'None of these holds; conditions of one event only.',
} as const;

/** Name of a kind's settings under `$defs`. */
function definition(kind: ConditionKind): string {
  return `condition_${kind.name}`;
}

function classicDefinition(kind: ConditionKind): string {
  return `parameters_${kind.name}`;
}

const workflowInput = {
  title: 'workflow_input',
  description: 'Input of the launch; texts may hold templates.',
  type: 'object',
  examples: [{ scale_factor: 2, target_instances: 10 }],
} as const;

/** Kinds whose settings are a map of named keys: those can stand under `parameters`, beside workflow_input. */
export function hasClassicForm(kind: ConditionKind): boolean {
  return (kind.classicSchema ?? kind.schema)['properties'] !== undefined;
}

function classicSchema(kind: ConditionKind): JsonSchema {
  const settings = kind.classicSchema ?? kind.schema;
  return {
    ...settings,
    title: `parameters of ${kind.name}`,
    properties: { ...(settings['properties'] as JsonSchema), workflow_input: workflowInput },
    ...(settings['minProperties'] === undefined ? {} : { minProperties: 0 }),
  };
}

/** Schemas of conditions and of what the classic form has under `parameters`, by their names under `$defs`. */
export function conditionDefinitions(kinds: readonly ConditionKind[]): Readonly<Record<string, JsonSchema>> {
  const properties = {
    ...Object.fromEntries(kinds.map((kind) => [kind.name, { $ref: `#/$defs/${definition(kind)}` }])),
    ...Object.fromEntries(
      Object.entries(COMPOSITIONS).map(([name, description]) => [
        name,
        {
          title: name,
          description,
          type: 'array',
          minItems: 1,
          maxItems: 100,
          items: { $ref: '#/$defs/memberCondition' },
          examples: [[{ where: { 'payload.region': 'eu' } }]],
        },
      ]),
    ),
  };
  const oneKey = {
    minProperties: 1,
    maxProperties: 1,
    errorMessage:
      'One key names the condition; several conditions stand in a list under all:, any: or none:.',
    properties,
    additionalProperties: false,
    examples: kinds.flatMap((kind) => kind.examples.slice(0, 1)),
  } as const;
  const classic = kinds.filter(hasClassicForm);
  return {
    ...Object.fromEntries(kinds.map((kind) => [definition(kind), kind.schema])),
    ...Object.fromEntries(classic.map((kind) => [classicDefinition(kind), classicSchema(kind)])),
    condition: {
      ...oneKey,
      title: 'condition',
      description:
        'What must come true: one key naming the kind, with its settings. A bare name is the classic form, its settings stand under parameters. Default: event_occurred.',
      type: ['object', 'string'],
      if: { type: 'string' },
      then: { enum: classic.map((kind) => kind.name) },
      default: { event_occurred: {} },
    },
    memberCondition: {
      ...oneKey,
      title: 'member condition',
      description: 'One of several conditions: one key naming the kind, with its settings.',
      type: 'object',
    },
  };
}

/** The part of a trigger's schema that ties `parameters` to a bare condition. */
export function classicRules(kinds: readonly ConditionKind[]): readonly JsonSchema[] {
  return kinds.filter(hasClassicForm).map((kind) => {
    const settings = kind.classicSchema ?? kind.schema;
    const required = ((settings['required'] ?? []) as readonly string[]).length > 0;
    return {
      if: { type: 'object', required: ['condition'], properties: { condition: { const: kind.name } } },
      then: {
        type: 'object',
        properties: {
          parameters: { $ref: `#/$defs/${classicDefinition(kind)}`, examples: settings['examples'] ?? [] },
        },
        ...(required ? { required: ['parameters'] } : {}),
      },
    };
  });
}
