import type { JsonObject } from '../kernel/json.js';
import type { ListenerPlan } from '../model/trigger.js';
import type { BuildContext, JsonSchema } from '../ports/condition-kind.js';
import { SCHEMA_PARTS } from '../ports/schema-parts.js';

/** Role of the events that cancel. */
export const UNLESS = 'unless';

/** Schema of a list of event types. */
export function eventTypesSchema(description: string): JsonSchema {
  return {
    description,
    type: 'array',
    minItems: 1,
    items: { type: 'string', minLength: 1 },
    examples: [['order.paid'], ['workflow.*']],
  };
}

/** Schema of a list of paths that make the group of a listener. */
export const groupBySchema = {
  description:
    "Paths of the group in these events, as many as the trigger's group_by has and in its order: joins fields of different names.",
  type: 'array',
  items: { type: 'string', minLength: 1 },
  examples: [['payload.order_id']],
} as const satisfies JsonSchema;

/** Schema of `unless`. */
export const unlessSchema = {
  description: "Events that cancel what has begun. The trigger's filters do not apply to them.",
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    event_types: eventTypesSchema("Their types; left out, the trigger's."),
    filters: SCHEMA_PARTS.fieldTests,
    group_by: groupBySchema,
  },
  examples: [{ event_types: ['order.cancelled'] }],
} as const satisfies JsonSchema;

/** Settings of `unless` as its schema lets them through. */
export type UnlessInput = {
  readonly event_types?: readonly string[];
  readonly filters?: JsonObject;
  readonly group_by?: readonly string[];
};

/** The listener for events that cancel: types default to `eventTypes`, and no filters but its own apply. */
export function unlessListener(
  unless: UnlessInput,
  eventTypes: readonly string[],
  pointer: string,
  context: BuildContext,
): ListenerPlan {
  return {
    role: UNLESS,
    event_types:
      unless.event_types === undefined
        ? eventTypes
        : context.eventTypesAt(unless.event_types, `${pointer}/event_types`),
    test:
      unless.filters === undefined
        ? { kind: 'all', tests: [], pointer }
        : context.tests(unless.filters, `${pointer}/filters`),
    group_by: readGroupBy(unless.group_by, `${pointer}/group_by`, context),
  };
}

/** A listener's own group_by, or the trigger's. */
export function readGroupBy(
  groupBy: readonly string[] | undefined,
  pointer: string,
  context: BuildContext,
): readonly string[] {
  if (groupBy === undefined) return context.groupBy;
  if (groupBy.length !== context.groupBy.length) {
    context.report(
      'group-shape',
      pointer,
      `this group_by has ${groupBy.length} paths and the trigger's has ${context.groupBy.length}`,
      'name as many, in the same order: they are joined by position',
    );
  }
  return groupBy.map((path, index) => context.path(path, `${pointer}/${index}`));
}
