import { parseDuration } from '../kernel/duration.js';
import { isHoursProblem, parseHours } from '../kernel/hours.js';
import { isObject, preview, type Json, type JsonObject } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { Operand, Reading } from '../model/test.js';
import type { FieldTestEntry } from './field-tests.js';
import { checkedEqual, checkedList, checkedMember, checkedRange, orderKind } from './operand-order.js';
import { wrong, type OperandContext, type Reader } from './operand-reader.js';
import { checkedTexts, checkedTypes, checkNetwork, checkRegex } from './operand-texts.js';
import { pathFault } from './path-check.js';
import { DURATION_HINT } from './schemas/common.js';
import { valueWord } from './words.js';

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
