import { networkProblem } from '../kernel/cidr.js';
import type { DiagnosticCode } from '../kernel/codes.js';
import { parseDuration } from '../kernel/duration.js';
import { isHoursProblem, parseHours } from '../kernel/hours.js';
import { isObject, preview, type Json, type JsonObject } from '../kernel/json.js';
import { regexProblem } from '../kernel/regex.js';
import { suggest } from '../kernel/suggest.js';
import { parseTime } from '../kernel/time.js';
import { PRIORITIES } from '../model/event.js';
import type { Operand, Reading } from '../model/test.js';
import type { FieldTestEntry } from './field-tests.js';
import { pathFault, type PathPlace } from './path-check.js';
import { DURATION_HINT } from './schemas/common.js';
import type { Variables } from './variables.js';
import { either, valueWord } from './words.js';

/** What an operand may refer to, and who is told what is wrong. */
export interface OperandContext {
  readonly variables: Variables;
  /** What the tested path starts from: only the event's own `priority` is ordered. */
  readonly place: PathPlace;
  /** What paths of `{ field: … }` may start with: those of the event, also inside of an element. */
  readonly fields: Exclude<PathPlace, 'element'>;
  report(
    code: DiagnosticCode,
    pointer: string,
    message: string,
    hint?: string | null,
    part?: 'key' | 'value',
  ): void;
}

const JSON_TYPES = ['string', 'number', 'boolean', 'object', 'array', 'null'] as const;

/** Everything about one operand that its checks need. */
interface Reader {
  readonly entry: FieldTestEntry;
  /** Whether the tested field is the event's priority, as it is. */
  readonly isPriority: boolean;
  readonly as: Reading['as'];
  readonly context: OperandContext;
}

/** Reads an operand into what its operator takes; undefined when it has been reported. */
export function readOperand(
  entry: FieldTestEntry,
  operand: Json,
  path: string,
  as: Reading['as'],
  pointer: string,
  context: OperandContext,
): Operand | undefined {
  const isPriority = path === 'priority' && as === undefined && context.place !== 'element';
  const reader: Reader = { entry, isPriority, as, context };
  if (isReference(operand, 'field')) return fieldOperand(operand['field'] as Json, pointer, reader);
  const resolved = resolveVariables(operand, pointer, reader);
  if (resolved === undefined) return undefined;
  return literalOperand(resolved, pointer, reader);
}

/** A map with this one key, whose value is a text. */
export function isReference(operand: Json, key: 'field' | 'var'): operand is JsonObject {
  return isObject(operand) && typeof operand[key] === 'string' && Object.keys(operand).length === 1;
}

function fieldOperand(path: Json, pointer: string, { entry, context }: Reader): Operand | undefined {
  if (!entry.takesField) {
    context.report(
      'wrong-value',
      pointer,
      `${entry.name} cannot be compared with another field`,
      'write the value, or { var: … } for a variable',
    );
    return undefined;
  }
  const fault = pathFault(path as string, context.fields);
  if (fault === null) return { kind: 'field', path: path as string };
  context.report(fault.code, `${pointer}/field`, fault.message, fault.hint);
  return undefined;
}

/** The operand with `{ var: name }` replaced by the variable's value, itself or as an element of a list. */
function resolveVariables(operand: Json, pointer: string, { context }: Reader): Json | undefined {
  if (isReference(operand, 'var')) return variableValue(operand['var'] as string, `${pointer}/var`, context);
  if (!Array.isArray(operand) || !operand.some((element) => isReference(element as Json, 'var')))
    return operand;
  const elements: Json[] = [];
  (operand as readonly Json[]).forEach((element, index) => {
    const value = isReference(element, 'var')
      ? variableValue(element['var'] as string, `${pointer}/${index}/var`, context)
      : element;
    if (value !== undefined) elements.push(value);
  });
  return elements.length === operand.length ? elements : undefined;
}

/** The value of a variable; undefined when there is none, which is reported then. */
export function variableValue(name: string, pointer: string, context: OperandContext): Json | undefined {
  const found = context.variables.lookup(name);
  if (found === 'unset') return undefined;
  if (found !== undefined) return found.value;
  const near = suggest(name, context.variables.names);
  context.report(
    'unknown-variable',
    pointer,
    `there is no variable ${preview(name, 40)}`,
    near === undefined ? `define it: variables: { ${name}: … }` : `did you mean ${near}?`,
  );
  return undefined;
}

function literalOperand(value: Json, pointer: string, reader: Reader): Operand | undefined {
  switch (reader.entry.shape) {
    case 'any':
      return checkedEqual(value, pointer, reader) ? literal(value) : undefined;
    case 'member':
      return checkedMember(value, pointer, reader) ? literal(value) : undefined;
    case 'list':
      return checkedList(value, pointer, reader) ? literal(value) : undefined;
    case 'order':
      return orderKind(value, pointer, reader) === undefined ? undefined : literal(value);
    case 'range':
      return checkedRange(value, pointer, reader) ? literal(value) : undefined;
    case 'regex':
      return checkedTexts(value, pointer, reader, checkRegex) ? literal(value) : undefined;
    case 'text':
      return checkedTexts(value, pointer, reader) ? literal(value) : undefined;
    case 'network':
      return checkedTexts(value, pointer, reader, checkNetwork) ? literal([value].flat() as Json) : undefined;
    case 'boolean':
      if (typeof value === 'boolean') return literal(value);
      return wrong(`${reader.entry.name} must be true or false, not ${valueWord(value)}`, pointer, reader);
    case 'type':
      return checkedTypes(value, pointer, reader) ? literal(value) : undefined;
    case 'hours':
      return hoursOperand(value, pointer, reader);
    case 'duration':
      return durationOperand(value, pointer, reader);
    case 'test':
    case 'map':
      return undefined;
  }
}

function literal(value: Json): Operand {
  return { kind: 'literal', value };
}

function wrong(message: string, pointer: string, { context }: Reader, hint: string | null = null): undefined {
  context.report('wrong-type', pointer, message, hint);
  return undefined;
}

/** A priority that does not exist, a conversion that never gives such a value: neither ever equals. */
function checkedEqual(value: Json, pointer: string, { isPriority, as, context, entry }: Reader): boolean {
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

const TIME_HINT = 'a time is RFC 3339 with a zone: 2026-01-31T12:00:00Z';

function asWord(as: Reading['as']): string {
  return as === 'number' ? 'a number' : as === 'time' ? 'a time' : 'a text';
}

function namesPriority(value: Json): boolean {
  return (PRIORITIES as readonly Json[]).includes(value);
}

function checkedMember(value: Json, pointer: string, reader: Reader): boolean {
  if (!Array.isArray(value) || value.length > 0) return true;
  wrong(`${reader.entry.name} has an empty list`, pointer, reader, 'name at least one');
  return false;
}

function checkedList(value: Json, pointer: string, reader: Reader): boolean {
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
function orderKind(value: Json, pointer: string, reader: Reader): 'number' | 'time' | 'priority' | undefined {
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

function checkedRange(value: Json, pointer: string, reader: Reader): boolean {
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

type TextCheck = (text: string, pointer: string, context: OperandContext) => boolean;

function checkedTexts(value: Json, pointer: string, reader: Reader, check?: TextCheck): boolean {
  const { entry, context } = reader;
  if (typeof value === 'string') return check === undefined || check(value, pointer, context);
  if (!Array.isArray(value) || value.length === 0) {
    wrong(
      `${entry.name} must be a text or a list of texts, not ${Array.isArray(value) ? 'an empty list' : valueWord(value)}`,
      pointer,
      reader,
      typeof value === 'number' ? `put it in quotes: "${value}"` : null,
    );
    return false;
  }
  let fine = true;
  (value as readonly Json[]).forEach((element, index) => {
    const at = `${pointer}/${index}`;
    if (typeof element !== 'string') {
      wrong(`${entry.name} takes texts, not ${valueWord(element)}`, at, reader, null);
      fine = false;
    } else if (check !== undefined && !check(element, at, context)) {
      fine = false;
    }
  });
  return fine;
}

/** Reports a pattern that is no regular expression. */
export function checkRegex(pattern: string, pointer: string, context: OperandContext): boolean {
  const problem = regexProblem(pattern);
  if (problem === undefined) return true;
  context.report('regex-invalid', pointer, problem.message, problem.hint);
  return false;
}

function checkNetwork(text: string, pointer: string, context: OperandContext): boolean {
  const problem = networkProblem(text);
  if (problem === undefined) return true;
  context.report(
    'cidr-invalid',
    pointer,
    problem,
    'a network is written 10.0.0.0/8 or 2001:db8::/32, a single address without the slash',
  );
  return false;
}

function checkedTypes(value: Json, pointer: string, reader: Reader): boolean {
  const types = [value].flat() as readonly Json[];
  const bad = types.findIndex((type) => !(JSON_TYPES as readonly Json[]).includes(type));
  if (types.length > 0 && bad < 0) return true;
  const type = types[bad];
  const near = typeof type === 'string' ? (TYPE_NAMES.get(type) ?? suggest(type, JSON_TYPES)) : undefined;
  reader.context.report(
    'wrong-value',
    Array.isArray(value) && bad >= 0 ? `${pointer}/${bad}` : pointer,
    types.length === 0 ? 'type has an empty list' : `there is no JSON type ${preview(type)}`,
    near === undefined ? `types are ${JSON_TYPES.join(', ')}` : `did you mean ${near}?`,
  );
  return false;
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['text', 'string'],
  ['int', 'number'],
  ['integer', 'number'],
  ['float', 'number'],
  ['bool', 'boolean'],
  ['map', 'object'],
  ['dict', 'object'],
  ['list', 'array'],
]);

function hoursOperand(value: Json, pointer: string, reader: Reader): Operand | undefined {
  if (!isObject(value))
    return wrong(
      `during must be a map, not ${valueWord(value)}`,
      pointer,
      reader,
      'for example { days: [mon-fri], from: "08:00", to: "18:00" }',
    );
  const hours = parseHours(value);
  if (!isHoursProblem(hours)) return { kind: 'hours', hours };
  const at = hours.key === '' ? pointer : `${pointer}/${hours.key}`;
  reader.context.report(hours.code, at, hours.message, hours.hint);
  return undefined;
}

function durationOperand(value: Json, pointer: string, reader: Reader): Operand | undefined {
  const durationMs = typeof value === 'string' ? parseDuration(value) : undefined;
  if (durationMs !== undefined) return { kind: 'durationMs', durationMs };
  reader.context.report(
    'duration-invalid',
    pointer,
    `${preview(value, 40)} is not a duration`,
    DURATION_HINT,
  );
  return undefined;
}
