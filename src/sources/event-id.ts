import { sha256 } from '../kernel/hash.js';
import { isObject, ownValue } from '../kernel/json.js';

/**
 * The text of an event with an id in it: its own, or the given one. What is no JSON object is left as it is, for the intake
 * to refuse; a CloudEvent has an id of its own.
 */
export function withEventId(text: string, id: () => string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isObject(value) || ownValue(value, 'event_id') !== undefined) return text;
  if (ownValue(value, 'specversion') !== undefined) return text;
  const open = text.indexOf('{') + 1;
  const comma = Object.keys(value).length === 0 ? '' : ',';
  return `${text.slice(0, open)}"event_id":${JSON.stringify(id())}${comma}${text.slice(open)}`;
}

/** The same for the same line at the same place of the same file, and for no other. */
export function lineId(file: string, offset: number, text: string): string {
  return `line-${sha256(`${file}\n${offset}\n${text}`).slice(0, 40)}`;
}
