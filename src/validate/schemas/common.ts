import { MAX_DURATION_MS } from '../../kernel/duration.js';
import type { JsonSchema } from '../../ports/condition-kind.js';

/** Parts from the largest unit to the smallest, each at most once, as `parseDuration` reads them. */
export const DURATION_PATTERN =
  '^(\\d+(\\.\\d+)?w)?(\\d+(\\.\\d+)?d)?(\\d+(\\.\\d+)?h)?(\\d+(\\.\\d+)?m)?(\\d+(\\.\\d+)?s)?(\\d+(\\.\\d+)?ms)?$';

/** What a duration looks like, for a hint. */
export const DURATION_HINT = `a duration is 250ms, 30s, 5m, 1h30m, 1d or 1w, at most ${MAX_DURATION_MS / 86_400_000}d`;

/** Schema of a duration; further keywords may widen it (`type`) or describe what else may stand there. */
export function durationSchema(title: string, description: string, ...examples: readonly string[]) {
  return {
    title,
    description,
    type: 'string',
    minLength: 1,
    maxLength: 64,
    pattern: DURATION_PATTERN,
    examples,
  } as const satisfies JsonSchema;
}

/** Schema of a field path; what it must start with is checked with words of its own. */
export function pathSchema(title: string, description: string, ...examples: readonly string[]) {
  return { title, description, type: 'string', minLength: 1, maxLength: 1_000, examples } as const;
}

/** Schema of a list of field paths. */
export function pathsSchema(title: string, description: string, ...examples: readonly (readonly string[])[]) {
  return {
    title,
    description,
    type: 'array',
    maxItems: 16,
    items: { type: 'string', minLength: 1, maxLength: 1_000 },
    examples,
  } as const;
}

/** Schema of a list of event types; their form is checked with words of its own. */
export function eventTypesSchema(title: string, description: string) {
  return {
    title,
    description,
    type: 'array',
    maxItems: 1_000,
    items: { type: 'string', minLength: 1 },
    examples: [['workflow.failed'], ['order.paid', 'order.refunded'], ['workflow.*']],
  } as const;
}

/** Names of triggers. */
export const TRIGGER_ID_PATTERN = '^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$';
/** Names of workflows and sets. */
export const NAME_PATTERN = '^[a-zA-Z0-9_][a-zA-Z0-9_. :/-]{0,127}$';
/** Names of variables: readable as `vars.name` in a template. */
export const VARIABLE_PATTERN = '^[a-zA-Z_][a-zA-Z0-9_]{0,127}$';
