import { compileEventFilter, eventTypeProblems, type FilterProblem } from '../../engine/event-filter.js';
import { coversType } from '../../kernel/event-type.js';
import { canonicalJson } from '../../kernel/json.js';
import type { StreamItem } from './item.js';
import type { SubscribeRequest } from './message.js';

/** What subscriptions that ask for the same have in common: asked once for all of them. */
export interface Selection {
  readonly key: string;
  readonly kinds: SubscribeRequest['kinds'];
  /** For the journal: empty = all. */
  readonly types: readonly string[];
  wants(item: StreamItem): boolean;
}

/** The key of a request's selection: equal for requests that select the same. */
export function selectionKey({ event_types, filters, session_id, kinds }: SubscribeRequest): string {
  return canonicalJson([[...event_types].sort(), filters, session_id, kinds]);
}

/** Compiles what a request selects, or says what is wrong with it. */
export function createSelection(
  request: SubscribeRequest,
  key: string,
): Selection | { readonly problems: readonly FilterProblem[] } {
  const types = [...new Set(request.event_types)];
  const problems = eventTypeProblems(types);
  if (problems.length > 0) return { problems };
  const compiled = compileEventFilter(request.filters);
  if ('problems' in compiled) return compiled;
  const { kinds, session_id } = request;
  const isFiltered = Object.keys(request.filters).length > 0;
  const isAllTypes = types.includes('*');
  const names = new Set(types);
  const patterns = types.filter((type) => type.endsWith('.*'));
  const covers = (type: string): boolean =>
    isAllTypes || names.has(type) || patterns.some((pattern) => coversType(pattern, type));
  return {
    key,
    kinds,
    types: isAllTypes ? [] : types,
    wants(item) {
      if (!kinds.includes(item.kind) || types.length === 0) return false;
      const hasSession = session_id === null || item.sessionId === session_id;
      if (isAllTypes && !isFiltered && hasSession) return true;
      // A decision or launch is selected by the event that it was made on; what the clock set off has none.
      const event = item.event();
      return (
        event !== null &&
        covers(event.event_type) &&
        (hasSession || event.session_id === session_id) &&
        (!isFiltered || compiled.filter(event))
      );
    },
  };
}
