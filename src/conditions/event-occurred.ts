import type { ConditionKind } from '../ports/condition-kind.js';

/** Fires on every event that passed type and filters; what a trigger without `condition` has. */
export const eventOccurred: ConditionKind = {
  name: 'event_occurred',
  summary: 'Fires on every event that passed event_types and filters.',
  schema: {
    title: 'event_occurred',
    description: 'Fires on every event that passed event_types and filters. It has no settings.',
    type: 'object',
    additionalProperties: false,
    properties: {},
    examples: [{}],
  },
  classicSchema: null,
  examples: [{ event_occurred: {} }],
  build: (_settings, context) => ({
    memory: 'none',
    test: { kind: 'all', tests: [], pointer: context.pointer },
  }),
  reducer: null,
};
