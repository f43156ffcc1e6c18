import { EVENT_FIELDS } from '../model/event.js';
import { suggest } from '../kernel/suggest.js';

/** Root names a template may read, by where it stands. */
export const ROOT_NAMES = {
  trigger: ['event', 'events', 'steps', 'trigger', 'group', 'value', 'vars', 'now', 'item'],
  workflow: ['input', 'launch'],
} as const;

export type NameSet = keyof typeof ROOT_NAMES;

/** What to write instead of a root name that does not exist. */
export function nameHint(name: string, names: NameSet): string {
  const known: readonly string[] = ROOT_NAMES[names];
  if (names === 'trigger' && (EVENT_FIELDS as readonly string[]).includes(name))
    return `did you mean event.${name}?`;
  if (names === 'workflow' && (ROOT_NAMES.trigger as readonly string[]).includes(name))
    return `a workflow reads its input: put ${name} into workflow_input and read input.<key>; the event is input.trigger_event`;
  const near = suggest(name, known);
  return near === undefined ? `names are ${known.join(', ')}` : `did you mean ${near}?`;
}
