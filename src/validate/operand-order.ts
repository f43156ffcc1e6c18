import { parseDuration } from '../kernel/duration.js';
import { preview, type Json } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import { parseTime } from '../kernel/time.js';
import { PRIORITIES } from '../model/event.js';
import type { Reading } from '../model/test.js';
import { TIME_HINT, wrong, type Reader } from './operand-reader.js';
import { either, valueWord } from './words.js';

/** A priority that does not exist, a conversion that never gives such a value: neither ever equals. */
export function checkedEqual(
  value: Json,
  pointer: string,
  { isPriority, as, context, entry }: Reader,
): boolean {
  if (isPriority && typeof value === 'string' && !namesPriority(value)) {
    const near = suggest(value, PRIORITIES);
    context.report(
      'wrong-value',
      pointer,
      `priority cannot be ${preview(value, 40)}`,
      near === undefined ? `priorities are ${PRIORITIES.join(', ')}` : `did you mean ${near}?`,
    );
    return false;
  }
  if (as === undefined) return true;
  const fits =
    as === 'number'
      ? typeof value === 'number'
      : typeof value === 'string' && (as !== 'time' || parseTime(value) !== undefined);
  if (!fits) {
    context.report(
      'wrong-type',
      pointer,
      `${entry.name} with as: ${as} needs ${asWord(as)}, not ${valueWord(value)}`,
      as === 'time' ? TIME_HINT : null,
    );
  }
  return fits;
}

function asWord(as: Reading['as']): string {
  return as === 'number' ? 'a number' : as === 'time' ? 'a time' : 'a text';
}

function namesPriority(value: Json): boolean {
  return (PRIORITIES as readonly Json[]).includes(value);
}

export function checkedMember(value: Json, pointer: string, reader: Reader): boolean {
  if (!Array.isArray(value) || value.length > 0) return true;
  wrong(`${reader.entry.name} has an empty list`, pointer, reader, 'name at least one');
  return false;
}

export function checkedList(value: Json, pointer: string, reader: Reader): boolean {
  if (!Array.isArray(value)) {
    wrong(`${reader.entry.name} must be a list, not ${valueWord(value)}`, pointer, reader, 'write [ … ]');
    return false;
  }
  let fine = true;
  (value as readonly Json[]).forEach((element, index) => {
    if (!checkedEqual(element, `${pointer}/${index}`, reader)) fine = false;
  });
  return fine;
}

/** What an ordered comparison compares: numbers, times or priorities; undefined when reported. */
export function orderKind(
  value: Json,
  pointer: string,
  reader: Reader,
): 'number' | 'time' | 'priority' | undefined {
  const { entry, isPriority, as, context } = reader;
  if (typeof value === 'number' && as !== 'time' && !isPriority) return 'number';
  if (typeof value === 'string') {
    if (isPriority) {
      if (namesPriority(value)) return 'priority';
      const near = suggest(value, PRIORITIES);
      context.report(
        'wrong-value',
        pointer,
        `priority cannot be compared with ${preview(value, 40)}`,
        near === undefined ? `priorities are ${PRIORITIES.join(', ')}` : `did you mean ${near}?`,
      );
      return undefined;
    }
    if (as !== 'number' && parseTime(value) !== undefined) return 'time';
  }
  const wanted = isPriority
    ? ['a priority']
    : as === 'number'
      ? ['a number']
      : as === 'time'
        ? ['a time']
        : ['a number', 'an RFC 3339 time'];
  return wrong(
    `${entry.name} compares with ${either(wanted)}, not with ${valueWord(value)}`,
    pointer,
    reader,
    orderHint(value, isPriority),
  );
}

function orderHint(value: Json, isPriority: boolean): string {
  if (isPriority) return `priorities are ${PRIORITIES.join(', ')}`;
  if (typeof value === 'string') {
    if (value.trim() !== '' && Number.isFinite(Number(value))) return `write it without quotes: ${value}`;
    if (/^\d{4}-\d{2}-\d{2}/.test(value)) return TIME_HINT;
    if (namesPriority(value)) return 'only the field priority is ordered by priorities';
    if (parseDuration(value) !== undefined)
      return 'for a time relative to the event use newer_than or older_than';
  }
  return 'texts have no order: use equal, in, matches or starts_with';
}

export function checkedRange(value: Json, pointer: string, reader: Reader): boolean {
  if (!Array.isArray(value) || value.length !== 2) {
    wrong('between must be a list of two bounds', pointer, reader, 'for example between: [500, 599]');
    return false;
  }
  const [low, high] = value as unknown as readonly [Json, Json];
  const lowKind = orderKind(low, `${pointer}/0`, reader);
  const highKind = orderKind(high, `${pointer}/1`, reader);
  if (lowKind === undefined || highKind === undefined) return false;
  if (lowKind !== highKind) {
    wrong('the bounds of between are of different kinds', pointer, reader, 'write two numbers or two times');
    return false;
  }
  if (rank(low) <= rank(high)) return true;
  reader.context.report(
    'wrong-value',
    pointer,
    `nothing lies between ${preview(low, 40)} and ${preview(high, 40)}`,
    'turn the bounds round',
  );
  return false;
}

function rank(bound: Json): number {
  if (typeof bound === 'number') return bound;
  const priority = PRIORITIES.indexOf(bound as (typeof PRIORITIES)[number]);
  return priority >= 0 ? priority : (parseTime(bound as string) ?? Number.NaN);
}
