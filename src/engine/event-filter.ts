import { encodeTests } from '../compile/conditions.js';
import type { Json } from '../kernel/json.js';
import { compileConditions, createRule } from '../match/program.js';
import type { Document } from '../model/document.js';
import type { Event } from '../model/event.js';
import { createEventTypeCheck } from '../validate/event-type-check.js';
import { readFieldTests } from '../validate/field-test-map.js';
import type { Reporter } from '../validate/reporter.js';
import type { Variables } from '../validate/variables.js';

/** What is wrong with a filter that was not written in a rule file. */
export interface FilterProblem {
  readonly message: string;
  readonly hint: string | null;
}

/** Whether an event passes. */
export type EventFilter = (event: Event) => boolean;

const NO_VARIABLES: Variables = { values: {}, names: [], lookup: () => undefined };

/**
 * Compiles a map of field tests as `filters:` of a trigger are, for whoever selects events without being a rule. Says what
 * is wrong with it instead, in the words of the rule language; never throws for what the map holds.
 */
export function compileEventFilter(
  filters: Json,
): { readonly filter: EventFilter } | { readonly problems: readonly FilterProblem[] } {
  const problems: FilterProblem[] = [];
  const test = readFieldTests(filters, '', {
    variables: NO_VARIABLES,
    place: 'event',
    fields: 'event',
    report: (_code, _pointer, message, hint = null) => void problems.push({ message, hint }),
  });
  if (problems.length > 0) return { problems };
  const program = compileConditions(createRule(encodeTests([test]), 'filter').conditions, 'event');
  return { filter: (event) => program(event as unknown as Json, { event, item: null }) };
}

/** What is wrong with event types as a trigger names them: a form that no type has, or a core type that is misspelt. */
export function eventTypeProblems(types: readonly string[]): readonly FilterProblem[] {
  const problems: FilterProblem[] = [];
  const check = createEventTypeCheck();
  const document: Document = {
    file: '',
    index: 0,
    value: [...types],
    locate: () => ({ line: 1, column: 1, length: 1 }),
    sourceLine: () => undefined,
  };
  const reporter: Reporter = {
    document,
    get errors() {
      return problems.length;
    },
    error: (_code, _pointer, message, hint = null) => void problems.push({ message, hint }),
    // Two spellings of one name are allowed: they are two types.
    warning: () => undefined,
    diagnostics: () => [],
  };
  types.forEach((type, index) => {
    check.check(type, `/${index}`, reporter, true);
  });
  return problems;
}
