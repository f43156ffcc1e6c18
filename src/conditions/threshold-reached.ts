import type { Json, JsonObject } from '../kernel/json.js';
import type { FieldTest, Test } from '../model/test.js';
import type { BuildContext, BuiltCondition, ConditionKind } from '../ports/condition-kind.js';
import type { Aggregate } from './aggregate.js';
import type { Comparison } from './comparison.js';
import { readDuration } from './duration-setting.js';
import { fieldSteps } from './field-reader.js';
import { testOfField } from './one-field.js';
import { payloadPath } from './payload-path.js';
import { readBounds, readComparison } from './threshold-bounds.js';
import { classicThresholdSchema, thresholdSchema, type ThresholdInput } from './threshold-schema.js';
import { thresholdWindow, type ThresholdSettings } from './threshold-window.js';

/** Fires when a field, or an aggregate over a sliding window, passes a comparison. */
export const thresholdReached: ConditionKind = {
  name: 'threshold_reached',
  summary: 'Fires when a field, or an aggregate over the last events, passes a comparison.',
  schema: thresholdSchema,
  classicSchema: classicThresholdSchema,
  examples: [
    { threshold_reached: { aggregate: 'count', at_least: 5, within: '60s' } },
    {
      threshold_reached: {
        aggregate: 'average',
        field: 'payload.duration_ms',
        greater_than: 800,
        within: '5m',
        minimum_events: 20,
        keep: true,
      },
    },
    { threshold_reached: { field: 'payload.order.total', greater_than: 1000 } },
  ],
  build(given, context) {
    const settings = given as ThresholdInput;
    const comparison = readComparison(settings, context);
    const { aggregate } = settings;
    if (settings.field === undefined && aggregate !== 'count') {
      const what = aggregate === undefined ? 'a threshold' : `the aggregate ${aggregate}`;
      context.report(
        'missing-key',
        context.pointer,
        `${what} needs a field`,
        'add field: payload.…, or aggregate: count to count events',
      );
    }
    const field =
      settings.field === undefined ? null : context.path(settings.field, `${context.pointer}/field`);
    if (aggregate !== undefined) return buildWindow(settings, aggregate, comparison, context);
    const test =
      comparison === null || field === null
        ? nothing(context)
        : testOfField(field, { [comparison]: settings[comparison] as Json }, context.pointer, context);
    return { memory: 'none', test };
  },
  buildClassic(parameters: JsonObject, context) {
    const { threshold_field, threshold_value, comparison } = parameters as {
      readonly threshold_field: string;
      readonly threshold_value?: number;
      readonly comparison?: 'greater_than' | 'less_than' | 'equal';
    };
    const path = context.path(payloadPath(threshold_field), `${context.pointer}/threshold_field`);
    // The reference compares payload.get(field, 0).
    const test: FieldTest = {
      kind: 'field',
      reading: { path, absent: 0 },
      operator: comparison ?? 'greater_than',
      operand: { kind: 'literal', value: threshold_value ?? 0 },
      ignoreCase: false,
      pointer: `${context.pointer}/${threshold_value === undefined ? 'threshold_field' : 'threshold_value'}`,
    };
    return { memory: 'none', test };
  },
  reducer: thresholdWindow,
};

/** What a condition that has been reported becomes: something that does not fire. */
function nothing({ pointer }: BuildContext): Test {
  return { kind: 'any', tests: [], pointer };
}

function buildWindow(
  settings: ThresholdInput,
  aggregate: Aggregate,
  comparison: Comparison | null,
  context: BuildContext,
): BuiltCondition {
  const { pointer } = context;
  const within = settings.within as string;
  if (aggregate === 'count' && settings.field !== undefined) {
    context.report(
      'wrong-value',
      `${pointer}/field`,
      'a count counts events, whatever is in a field',
      'leave field out, or count its distinct values with aggregate: distinct',
    );
  }
  const ready: ThresholdSettings = {
    aggregate,
    field: aggregate === 'count' || settings.field === undefined ? [] : fieldSteps(settings.field),
    compare: readBounds(settings, aggregate, comparison, context),
    withinMs: readDuration(within, `${pointer}/within`, context),
    minimumEvents: settings.minimum_events ?? 1,
    keep: settings.keep ?? false,
  };
  return {
    memory: 'group',
    variant: 'window',
    settings: ready,
    listeners: [
      {
        role: 'match',
        event_types: context.eventTypes,
        test: context.filters,
        group_by: context.groupBy,
      },
    ],
  };
}
