import { BLANK_EVENT, EVENT_FIELDS } from '../../model/event.js';
import { deepEqual } from '../../kernel/json.js';
import type { WireStoredEvent } from '../../model/wire.js';
import { printable, printableJson, printableJsonLines } from './printable.js';
import type { Style } from './style.js';
import { joinLines } from './words.js';

/** One event of the journal: what of it is not as when it is left out. */
export function storedEventText({ position, received_at, event }: WireStoredEvent, style: Style): string {
  const head = `${style.bold(printable(event.event_id))}  ${style.green(printable(event.event_type))}`;
  const fields = EVENT_FIELDS.filter(
    (field) => field !== 'event_id' && field !== 'event_type' && !deepEqual(event[field], BLANK_EVENT[field]),
  );
  return joinLines([
    head,
    `  received ${received_at}, position ${position}`,
    ...fields.flatMap((field) => {
      const value = event[field];
      if (typeof value !== 'object' || value === null) return [`  ${field} ${printableJson(value)}`];
      const [first = '', ...rest] = printableJsonLines(value);
      return [`  ${field} ${first}`, ...rest.map((line) => `  ${line}`)];
    }),
  ]);
}
