import { deepEqual, preview, type Json } from '../kernel/json.js';
import type { PathSteps } from '../kernel/path.js';
import type { Occurrence } from '../model/event.js';
import type { Test } from '../model/test.js';
import type { ListenerPlan } from '../model/trigger.js';
import type { ConditionKind, Reducer } from '../ports/condition-kind.js';
import { SCHEMA_PARTS } from '../ports/schema-parts.js';
import { fieldSteps, readField } from './field-reader.js';
import { testOfField } from './one-field.js';

type ChangeSettings = {
  readonly field: PathSteps;
  /** Whether the previous value is tested, and the new one. */
  readonly from: boolean;
  readonly to: boolean;
};

interface ChangeSlice {
  previous: Occurrence;
  /** Whether the previous value passed `from`: it was asked when its event came. */
  passedFrom: boolean;
}

const reducer: Reducer = {
  version: 1,
  onEvent(slice, roles, occurrence, plan, context) {
    const { field, from, to } = plan.settings as unknown as ChangeSettings;
    const known = slice as ChangeSlice | undefined;
    if (known !== undefined && occurrence.at < known.previous.at) {
      context.count('late_events');
      return known;
    }
    if (
      known !== undefined &&
      (!from || known.passedFrom) &&
      (!to || roles.includes('to')) &&
      !deepEqual(readField(known.previous, field), readField(occurrence, field))
    ) {
      context.fire({ event: occurrence, events: [known.previous, occurrence] });
    }
    const next: ChangeSlice = { previous: occurrence, passedFrom: roles.includes('from') };
    return next;
  },
  onTimer: (slice) => slice,
  describe(slice, plan) {
    const { field } = plan.settings as unknown as ChangeSettings;
    return `the value is ${preview(readField((slice as ChangeSlice).previous, field))}`;
  },
};

/** Fires when a field differs from what it was in the group's previous event. */
export const valueChanged: ConditionKind = {
  name: 'value_changed',
  summary: "Fires when a field differs from its value in the group's previous event.",
  schema: {
    title: 'value_changed',
    description:
      "Fires when the field differs from the group's previous event that passed event_types and filters and has the field. `events` are the two. Late events and events without the field are ignored.",
    type: 'object',
    additionalProperties: false,
    required: ['field'],
    properties: {
      field: {
        description: 'Path of the field.',
        type: 'string',
        minLength: 1,
        examples: ['payload.state'],
      },
      from: { ...SCHEMA_PARTS.fieldTest, description: 'Test that the previous value must pass.' },
      to: { ...SCHEMA_PARTS.fieldTest, description: 'Test that the new value must pass.' },
    },
    examples: [
      { field: 'payload.state', from: 'up', to: ['down', 'unreachable'] },
      { field: 'payload.version' },
    ],
  },
  classicSchema: null,
  examples: [{ value_changed: { field: 'payload.state', from: 'up', to: ['down', 'unreachable'] } }],
  build(settings, context) {
    const { field, from, to } = settings as {
      readonly field: string;
      readonly from?: Json;
      readonly to?: Json;
    };
    const { pointer } = context;
    const path = context.path(field, `${pointer}/field`);
    const isThere: Test = {
      kind: 'field',
      reading: { path },
      operator: 'exists',
      operand: { kind: 'literal', value: true },
      ignoreCase: false,
      pointer: `${pointer}/field`,
    };
    const listener = (role: string, ...tests: readonly Test[]): ListenerPlan => ({
      role,
      event_types: context.eventTypes,
      test: { kind: 'all', tests: [context.filters, isThere, ...tests], pointer },
      group_by: context.groupBy,
    });
    const listeners = [listener('match')];
    if (from !== undefined)
      listeners.push(listener('from', testOfField(field, from, `${pointer}/from`, context)));
    if (to !== undefined) listeners.push(listener('to', testOfField(field, to, `${pointer}/to`, context)));
    const ready: ChangeSettings = {
      field: fieldSteps(path),
      from: from !== undefined,
      to: to !== undefined,
    };
    return { memory: 'group', variant: 'change', settings: ready, listeners };
  },
  reducer,
};
