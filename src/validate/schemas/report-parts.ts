import type { JsonSchema } from '../../ports/condition-kind.js';

/** Schemas that the reports are put together from; keys may be added to a report, so none is closed. */
export type Properties = Readonly<Record<string, JsonSchema>>;

/** A map with these keys, all of which are there but those named in `optional`. */
export function mapOf(properties: Properties, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    properties,
  };
}

export function listOf(items: JsonSchema, description?: string): JsonSchema {
  return { ...(description === undefined ? {} : { description }), type: 'array', items };
}

export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

export const text = { type: 'string' } as const;
export const textOrNull = { type: ['string', 'null'] } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const yes = { type: 'boolean' } as const;
export const anyMap = { type: 'object' } as const;
export const time = {
  description: 'RFC 3339, UTC',
  type: 'string',
  examples: ['2026-01-31T12:00:00Z'],
} as const;
export const timeOrNull = { ...time, type: ['string', 'null'] } as const;

export const diagnostic: JsonSchema = mapOf({
  code: { description: 'Stable name of what is wrong.', type: 'string' },
  severity: { enum: ['error', 'warning'] },
  message: { description: 'What is wrong, in one sentence.', type: 'string' },
  hint: { description: 'How to mend it.', type: ['string', 'null'] },
  file: text,
  line: { description: 'From 1; 0 for the whole file or folder.', ...count },
  column: count,
  pointer: { description: 'JSON pointer inside the YAML document.', type: 'string' },
});
export const diagnostics = listOf({ $ref: '#/$defs/diagnostic' });

export const launch: JsonSchema = mapOf({
  launch_id: text,
  trigger_id: text,
  workflow_name: text,
  mode: { enum: ['launch', 'observe'] },
  at: time,
  event_id: {
    description: 'The event that completed the condition; null for a timer.',
    type: ['string', 'null'],
  },
  events: listOf(text, 'Ids of all events that contributed, oldest first.'),
  group: { description: 'group_by path to value.', type: 'object' },
  input: { description: 'The whole input of the workflow.', type: 'object' },
  item_index: { description: 'Index of the for_each element.', type: ['integer', 'null'] },
  warnings: listOf(text, 'Values that templates did not find.'),
});

export const suppression: JsonSchema = mapOf({
  trigger_id: text,
  event_id: textOrNull,
  at: time,
  gate: text,
  until: timeOrNull,
  group: anyMap,
});

export const place: JsonSchema = mapOf({ file: text, line: count, column: count, text });

export const whyNode: JsonSchema = {
  title: 'why node',
  ...mapOf(
    {
      kind: { enum: ['all', 'any', 'not', 'field'] },
      holds: yes,
      path: text,
      operator: text,
      found: { description: 'The value found.' },
      missing: yes,
      wanted: { description: 'The value wanted.' },
      note: text,
      place: orNull({ $ref: '#/$defs/place' }),
      tests: listOf({ $ref: '#/$defs/whyNode' }),
    },
    ['path', 'operator', 'found', 'missing', 'wanted', 'note', 'tests'],
  ),
};

export const why: JsonSchema = mapOf({
  trigger_id: text,
  event_id: textOrNull,
  outcome: { enum: ['launched', 'observed', 'suppressed', 'remembered', 'not_matched', 'inactive'] },
  reason: { description: 'One sentence.', type: 'string' },
  deciding: orNull({ $ref: '#/$defs/whyNode' }),
  event_types: listOf(text),
  roles: listOf(mapOf({ role: text, tree: { $ref: '#/$defs/whyNode' } })),
  state: textOrNull,
  item: { type: ['integer', 'null'] },
});
