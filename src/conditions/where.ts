import type { ConditionKind } from '../ports/condition-kind.js';
import { SCHEMA_PARTS } from '../ports/schema-parts.js';

/** Fires when a map of field tests holds: filters written as a condition, so that any and none can compose them. */
export const where: ConditionKind = {
  name: 'where',
  summary: 'Fires when all of its field tests hold.',
  schema: {
    ...SCHEMA_PARTS.fieldTests,
    title: 'where',
    description: 'A map of field path to test, as under filters; every entry must hold.',
    examples: [
      { 'payload.amount': { at_least: 1000 }, 'payload.currency': ['EUR', 'CHF'] },
      { any: [{ priority: 'critical' }, { 'payload.labels': { contains: 'urgent' } }] },
    ],
  },
  classicSchema: null,
  examples: [{ where: { 'payload.amount': { at_least: 1000 }, 'payload.currency': ['EUR', 'CHF'] } }],
  build: (settings, context) => ({ memory: 'none', test: context.tests(settings, context.pointer) }),
  reducer: null,
};
