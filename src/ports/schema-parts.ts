import type { JsonSchema } from './condition-kind.js';

/**
 * Schemas that the rule file's schema holds under `$defs`: a plug-in's schema refers to them instead of repeating them,
 * and so is complete only inside a rule file's schema.
 */
export const SCHEMA_PARTS = {
  /** A map of field tests: `filters`, `where`, the members of `all`, `any`, `none`. */
  fieldTests: { $ref: '#/$defs/fieldTests' },
  /** What stands behind one path of such a map: a scalar, a list, or a map of operators. */
  fieldTest: { $ref: '#/$defs/fieldTest' },
} as const satisfies Readonly<Record<string, JsonSchema>>;
