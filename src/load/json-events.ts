import { Fault } from '../kernel/fault.js';
import { EVENT_MAX_BYTES } from '../model/event.js';
import { jsonElements } from './json-elements.js';
import { describeJsonError } from './json-error.js';
import type { PlacedValue } from './raw-event.js';

/**
 * Sample events of a text that is one JSON value: an event or a list of them, with the line each begins on. Throws a
 * Fault `events-invalid` when it is no JSON or an event is too large.
 */
export function readJsonEvents(file: string, text: string): PlacedValue[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (body.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    const { message, hint } = describeJsonError(body, true);
    throw new Fault('events-invalid', `${file}: ${message}`, { hint, cause });
  }
  const elements = jsonElements(body);
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((raw, index) => {
    const { line, length } = elements[index] ?? { line: 1, length: 0 };
    if (length > EVENT_MAX_BYTES) {
      const message = `${file}:${line}: the event is over 1 MiB, more than an event may have`;
      throw new Fault('events-invalid', message, { hint: 'refer to large data instead of sending it along' });
    }
    return { raw, line };
  });
}
